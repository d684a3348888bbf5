/** The cameras that the other tests rely on show what they are meant to show. */
import { type Browser, type Page, chromium, expect, test } from '@playwright/test';
import { prepareAssets } from '../../scripts/assets.js';
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import { DEFAULT_POLICY } from '../../src/protocol/policy.js';
import type { HeadTurn } from '../../src/protocol/wire.js';
import { assess } from '../../worker/guide/assess.js';
import { actorScript } from '../fixtures/actor.js';
import { FACE_PORTRAIT_VIDEO, FACE_VIDEO, buildFixtures } from '../fixtures/build.js';
import type { Behaviour } from '../fixtures/page/actor.js';
import { type FileServer, serveRepository } from '../fixtures/serve.js';
import { CAMERA, fullBrowser } from './flags.js';

let server: FileServer;

test.beforeAll(async () => {
  prepareAssets();
  await buildFixtures();
  server = await serveRepository();
});

test.afterAll(() => server.close());

/**
 * Measures the camera's pictures in its own browser, for at least this many seconds and until there are eight pictures
 * for each of them. The actual rate depends on the machine, and nothing here asserts it.
 */
async function watch(seconds: number, flags: string[]): Promise<FrameAnalysis[]> {
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch(fullBrowser(...flags));
    const page = await browser.newPage();
    await page.goto(server.pageOf('test/fixtures/page/watch-camera.ts'));
    return await page.evaluate(
      (asked) =>
        window.watchCamera((analyses) => {
          // Timed from the second picture, since the first waited for the detector to load.
          const from = analyses[1]?.time ?? Infinity;
          return analyses.length > 8 * asked && (analyses.at(-1)?.time ?? 0) - from > 1000 * asked;
        }),
      seconds,
    );
  } finally {
    await browser?.close();
  }
}

for (const { name, file, width, height, seconds } of [
  // Longer than one loop of the video: a jump at its seam would show as `holdStill`.
  { name: 'landscape', file: FACE_VIDEO, width: 640, height: 480, seconds: 6.5 },
  { name: 'portrait', file: FACE_PORTRAIT_VIDEO, width: 480, height: 640, seconds: 2 },
]) {
  test(`the ${name} camera shows one person in whom guidance finds nothing to correct`, async () => {
    const analyses = await watch(seconds, [...CAMERA, `--use-file-for-fake-video-capture=${file}`]);
    expect(analyses[0]?.frame).toEqual({ width, height });
    const findings = analyses.map((analysis) => assess(analysis, DEFAULT_POLICY, null)?.code ?? 'fine');
    expect(findings.filter((finding) => finding !== 'fine')).toEqual([]);
    const shares = analyses.map(({ face }) => (face?.width ?? 0) / width);
    if (name === 'landscape') {
      expect(Math.min(...shares)).toBeGreaterThan(0.3);
      expect(Math.max(...shares)).toBeLessThan(0.38);
    }
  });
}

/** The head turn that guidance asks for, and how the actor behaves. */
interface Cue {
  behaviour: Behaviour;
  turn: HeadTurn;
}

/** Pictures the actor draws for a turn, and again for the way back: more than the longest movement has. */
const DRAWN = 33;
/** Pictures measured after that: five, since the fifth largest offset counts, and one that may be older. */
const MEASURED = 6;
/** Time limit for either number of pictures; the whole test has three times as long. */
const PATIENCE_MS = 60_000;

/** Offsets from the frontal pose in the requested direction, in degrees: the largest, and what is left once back. */
interface Performance {
  turned: number;
  rest: number;
}

/** @returns the offset from the frontal pose in the direction of a turn, in degrees */
function offsetOf(turn: HeadTurn, { measurements }: FrameAnalysis, frontal: { yaw: number; pitch: number }): number {
  if (!measurements) return NaN;
  const [yaw, pitch] = [measurements.yaw - frontal.yaw, measurements.pitch - frontal.pitch];
  return { lookLeft: yaw, lookRight: -yaw, lookUp: pitch, lookDown: -pitch }[turn];
}

async function perform(page: Page, cues: Cue[]): Promise<Performance[]> {
  await page.addInitScript({ content: await actorScript() });
  await page.goto(server.pageOf('test/fixtures/page/watch-camera.ts'));
  const { analyses, marks } = await page.evaluate(
    async ([planned, pictures, looks, patienceMs]) => {
      // Counts pictures, not time: on a slow machine, drawing or measuring may lag behind.
      let [drawn, measured, isOver] = [0, 0, false];
      const decode = createImageBitmap;
      Object.assign(window, { createImageBitmap: (file: Blob) => decode(file).finally(() => drawn++) });
      const watching = window.watchCamera(({ length }) => {
        measured = length;
        return isOver;
      });
      const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
      const until = async (what: string, isSo: () => boolean) => {
        const end = performance.now() + patienceMs;
        while (!isSo()) {
          if (performance.now() > end)
            throw new Error(`Waited in vain for ${what}: ${drawn} drawn, ${measured} measured`);
          await wait(20);
        }
      };
      const playOn = async () => {
        const lastDrawn = drawn + pictures;
        await until(`${lastDrawn} pictures drawn`, () => drawn >= lastDrawn);
        const lastMeasured = measured + looks;
        await until(`${lastMeasured} measured`, () => measured >= lastMeasured);
      };
      const say = (code: string) =>
        document.body.dispatchEvent(
          Object.assign(new Event('liveness-guidance', { bubbles: true }), { guidance: { code } }),
        );
      const times = [];
      await playOn();
      for (const { behaviour, turn } of planned) {
        window.actor.behaviour = behaviour;
        const from = performance.now();
        say(turn);
        await playOn();
        const turned = performance.now();
        say('returnToCentre');
        await playOn();
        times.push({ turn, from, turned, to: performance.now() });
      }
      isOver = true;
      return { analyses: await watching, marks: times };
    },
    [cues, DRAWN, MEASURED, PATIENCE_MS] as const,
  );
  const first = analyses.findLast(({ time }) => time < (marks[0]?.from ?? 0))?.measurements;
  const frontal = first ?? { yaw: NaN, pitch: NaN };
  return marks.map(({ turn, from, turned, to }) => {
    const between = (start: number, end: number) =>
      analyses.filter(({ time }) => time > start && time < end).map((analysis) => offsetOf(turn, analysis, frontal));
    const held = between(from, turned).sort((a, b) => b - a);
    // The fifth largest offset: the head was turned that far for a while.
    return { turned: held[4] ?? NaN, rest: between(from, to).at(-1) ?? NaN };
  });
}

test('the actor turns the head as asked, and returns to the front', async ({ page }) => {
  const turns: HeadTurn[] = ['lookLeft', 'lookRight', 'lookUp', 'lookDown'];
  const performances = await perform(
    page,
    turns.map((turn) => ({ behaviour: 'honest', turn })),
  );
  const { yaw, pitch, frontal } = DEFAULT_POLICY.turn;
  performances.forEach(({ turned, rest }, index) => {
    const turn = turns[index] as HeadTurn;
    expect(turned, turn).toBeGreaterThan(turn === 'lookLeft' || turn === 'lookRight' ? yaw : pitch);
    expect(Math.abs(rest), `after ${turn}`).toBeLessThan(frontal);
  });
});

test('an actor who keeps still, turns the wrong way or holds up a photo does not perform the turn', async ({
  page,
}) => {
  const cue = (behaviour: Behaviour): Cue => ({ behaviour, turn: 'lookRight' });
  const [still, wrong, shifted, tilted] = await perform(
    page,
    (['still', 'wrongWay', 'photoShifted', 'photoTilted'] as const).map(cue),
  );
  expect(Math.abs(still?.turned ?? NaN), 'still').toBeLessThan(4);
  expect(wrong?.turned, 'the wrong way').toBeLessThan(4);
  // Limits measured with a flat picture held in the hand.
  expect(Math.abs(shifted?.turned ?? NaN), 'a photograph, shifted').toBeLessThan(5);
  expect(Math.abs(tilted?.turned ?? NaN), 'a photograph, tilted').toBeLessThan(8);
});
