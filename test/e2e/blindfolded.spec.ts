/**
 * A session without sight: the actor in the camera's place acts only on what can be heard – in one test the text of the
 * live region, as a screen reader reads it, in the other what the element says aloud. The actor gets none of the
 * element's events, and nothing reads the element's state.
 */
import { expect, test, type Page } from '@playwright/test';
import { actorScript } from '../fixtures/actor.js';
import { installSpeech } from '../fixtures/page/speech.js';
import { ElementPage } from './element-page.js';
import { follow, type Heard } from './follow.js';
import { type JudgeServer, SECRET, startJudgeServer } from '../judge/judge-server.js';
import { type RunningServer, startServer } from './server.js';

const QUESTION = /\bContinue or Not now$/;
const INVITATION = /^Face check\b/;

let server: RunningServer;
let judge: JudgeServer;
// This judge needs head turns in every PassiveActive session, and spends no time on the pictures.
test.beforeAll(async () => {
  judge = await startJudgeServer();
  server = await startServer({
    environment: {
      LIVENESS_JUDGE: 'http',
      LIVENESS_JUDGE_URL: judge.url,
      LIVENESS_JUDGE_SECRET: SECRET,
      LIVENESS_JUDGE_ACTIVE_MOTION: 'true',
    },
  });
});
test.afterAll(async () => {
  await server.stop();
  await judge.close();
});

for (const [source, zoom] of [
  ['live region', 0.6],
  ['voice', 0.75],
] as const) {
  test(`the ${source} alone guides a person, off-centre and too far at first, through a session with head turns`, async ({
    page,
  }) => {
    await page.addInitScript(deafen);
    await page.addInitScript({ content: await actorScript({ scene: { zoom, x: -0.16, y: 0.1 }, everyNth: 2 }) });
    await page.addInitScript(installSpeech, {});
    const element = await ElementPage.open(page, server, source === 'voice' ? 'speak' : '');
    await page.evaluate(follow, source);
    const { sessionId, authToken } = await element.createSession({ livenessOperationMode: 'PassiveActive' });
    await page.evaluate(
      (token) => document.querySelector('face-liveness')?.setAttribute('auth-token', token),
      authToken,
    );

    await press(page, 'Start face check');
    await heard(page, QUESTION);
    await press(page, 'Continue');
    await heard(page, /^All done\. Your pictures have arrived/);

    const said = await all(page);
    expect(said.map(({ did }) => did)).toEqual(expect.arrayContaining(['closer', 'still']));
    expect(said.filter(({ did }) => did?.startsWith('move')).length, 'moved into the middle').toBeGreaterThan(0);
    expect(said.filter(({ did }) => did?.startsWith('look')).length, 'turned').toBeGreaterThanOrEqual(2);
    for (const [index, { text, at }] of said.entries()) {
      const before = said[index - 1];
      expect(text, 'each correction once').not.toBe(before?.text);
      // The voice finishes each sentence before the next; a screen reader needs a pause for that.
      if (before && source === 'live region') expect(at - before.at, before.text).toBeGreaterThan(1_500);
    }
    const broken = await page.evaluate(() => window.speech.said.filter(({ broken }) => broken).map(({ text }) => text));
    expect(
      broken.filter((text) => !QUESTION.test(text) && !INVITATION.test(text)),
      'only what waits for a press of a button can be cut short, by that press',
    ).toEqual([]);
    const { status } = await element.session(sessionId);
    expect(status).toMatch(/ResultAvailable|Succeeded/);
  });
}

/** Stops the element's events before they reach the actor, which would otherwise follow them. */
function deafen(): void {
  const keep = (event: Event) => event.stopImmediatePropagation();
  for (const type of ['guidance', 'state', 'progress', 'complete']) addEventListener(`liveness-${type}`, keep, true);
}

/** Moves the focus with Tab to the control with this accessible name, and presses Enter. */
async function press(page: Page, name: string): Promise<void> {
  for (let stops = 0; stops < 5; stops++) {
    await page.keyboard.press('Tab');
    const read = await page.evaluate(() => {
      const focused = document.activeElement?.shadowRoot?.activeElement;
      return focused?.ariaLabel ?? focused?.textContent?.trim();
    });
    if (read === name) return page.keyboard.press('Enter');
  }
  throw new Error(`"${name}" is not within five stops of the keyboard`);
}

async function heard(page: Page, sentence: RegExp): Promise<void> {
  const find = ([source = '', timeout]: [string, number]) =>
    new Promise<void>((resolve, reject) => {
      const look = setInterval(() => {
        if (window.heard.some(({ text }) => new RegExp(source).test(text))) done(resolve);
      }, 50);
      const done = (settle: () => void) => {
        clearInterval(look);
        clearTimeout(late);
        settle();
      };
      const log = () => window.heard.map(({ text }) => text).join(' | ');
      const late = setTimeout(() => done(() => reject(new Error(`Not heard: ${source}. Heard: ${log()}`))), timeout);
    });
  await page.evaluate(find, [sentence.source, 60_000] as [string, number]);
}

const all = (page: Page): Promise<Heard[]> => page.evaluate(() => window.heard);
