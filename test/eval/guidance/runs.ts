/** Makes whole captures in a real browser, by an actor, honest or not, who follows the element's events. */
import { type Browser, type Page, chromium } from '@playwright/test';
import { findBrowser } from '../../../scripts/browser.js';
import type { FaceLiveness } from '../../../src/face-liveness.js';
import { DEFAULT_POLICY } from '../../../src/protocol/policy.js';
import { HEAD_TURNS, type HeadTurn, type SessionStartResponse } from '../../../src/protocol/wire.js';
import type { Recording } from '../../../src/recording.js';
import { assess } from '../../../worker/guide/assess.js';
import type { Random } from '../decisions/random.js';
import { ElementPage, type Outcome } from '../../e2e/element-page.js';
import { startServer, type RunningServer } from '../../e2e/server.js';
import { actorScript } from '../../fixtures/actor.js';
import type { ActorOptions } from '../../fixtures/page/actor.js';

export interface Run {
  behaviour: ActorOptions['behaviour'];
  directions: HeadTurn[];
  outcome: Outcome;
  recording: Recording;
  /** Durations in milliseconds of the main-thread tasks over 50 ms that began between the first and the last frame. */
  longTasks: number[];
}

/** Where captures are made: one browser and one service for all of them. */
export interface Stage {
  browser: Browser;
  server: RunningServer;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const server = await startServer();
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
  return {
    browser,
    server,
    close: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

/**
 * @param directions the turns to ask for; empty for a passive capture. They replace those that the service drew, so
 * that four turns can be asked for; everything else is the service's own response.
 */
export async function runCapture(
  { browser, server }: Stage,
  behaviour: ActorOptions['behaviour'],
  directions: HeadTurn[],
): Promise<Run> {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  try {
    await page.addInitScript({ content: await actorScript({ behaviour }) });
    await page.addInitScript(collectLongTasks);
    if (directions.length > 0) await drawDirections(page, directions);
    const element = await ElementPage.open(page, server, 'record');
    await agreeToPrompt(page);
    const livenessOperationMode = directions.length > 0 ? 'PassiveActive' : 'Passive';
    const { authToken } = await element.createSession({ livenessOperationMode });
    const outcome = await element.start(authToken);
    const [recording, longTasks] = await page.evaluate(() => {
      const held = document.querySelector<FaceLiveness>('face-liveness')?.recording;
      return [held, window.longTasks] as const;
    });
    if (!recording) throw new Error('Nothing was recorded');
    return { behaviour, directions, outcome, recording, longTasks: tasksWhileFilming(longTasks, recording) };
  } finally {
    await page.close();
  }
}

/** Milliseconds from the first frame without any fault to the last frame of the capture. */
export function timeToCapture({ recording }: Run): number {
  const frames = recording.entries.flatMap((entry) => (entry.type === 'frame' ? [entry.analysis] : []));
  const fine = frames.find((analysis) => assess(analysis, DEFAULT_POLICY, null) === null);
  return (frames.at(-1)?.time ?? NaN) - (fine?.time ?? NaN);
}

/** @param count at most four, because no turn is repeated */
export function randomDirections(count: number, random: Random): HeadTurn[] {
  const left = [...HEAD_TURNS];
  return Array.from({ length: count }, () => {
    const turn = random.pick(left);
    left.splice(left.indexOf(turn), 1);
    return turn;
  });
}

async function drawDirections(page: Page, directions: HeadTurn[]): Promise<void> {
  await page.route('**/session/start', async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as SessionStartResponse;
    await route.fulfill({ response, json: { ...answer, activeMotion: { required: true, directions } } });
  });
}

async function agreeToPrompt(page: Page): Promise<void> {
  await page.evaluate(() => {
    // Contains no named functions: tsx would add calls to a helper that does not exist in the page.
    document.addEventListener('liveness-state', ({ state, target }) => {
      if (state !== 'prompting') return;
      setTimeout(() => (target as Element).shadowRoot?.querySelector<HTMLElement>('button.primary')?.click(), 200);
    });
  });
}

interface LongTask {
  start: number;
  duration: number;
}

function tasksWhileFilming(tasks: LongTask[], { entries }: Recording): number[] {
  const frames = entries.flatMap((entry) => (entry.type === 'frame' ? [entry.analysis.time] : []));
  const [from, to] = [frames[0] ?? Infinity, frames.at(-1) ?? -Infinity];
  return tasks.filter(({ start }) => start >= from && start <= to).map(({ duration }) => duration);
}

declare global {
  interface Window {
    longTasks: LongTask[];
  }
}

function collectLongTasks(): void {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ start: startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
}
