/** Whole sessions of the built element and service, with a recorded face, in Firefox, WebKit and a Chromium of 2022. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SERVED, buildChanged } from '../../scripts/build.js';
import { presentEngines } from '../../scripts/engines.js';
import { oldChromium } from '../../scripts/old-chromium.js';
import type { Deadlines } from '../../src/deadlines.js';
import type { FaceLiveness } from '../../src/face-liveness.js';
import type { PolicyOverrides } from '../../src/protocol/policy.js';
import type { CaptureManifest, SessionStartResponse } from '../../src/protocol/wire.js';
import { BackEnd } from '../e2e/back-end.js';
import { sha256Hex } from '../sha256-hex.js';
import { type RunningServer, startServer } from '../e2e/server.js';
import { type Child, startChild } from '../child.js';
import { startChromium } from './chromium.js';
import type { Browser } from './driver.js';
import { startFirefox } from './firefox.js';
import { type Site, startSite } from './site.js';
import { startWebKit } from './webkit.js';

/** Browsers without a graphics card are slow on a busy machine. */
const PATIENCE_MS = 100_000;

const engines = presentEngines();
const old = oldChromium();
if (!old) console.log('Old Chromium: left out. It is there for Linux on x64 alone.');

interface Settings {
  deadlines?: Partial<Deadlines>;
  policy?: PolicyOverrides;
}
/** For sessions that have to complete, however slow the machine is. */
const UNHURRIED: Settings = {
  deadlines: { frame: 60_000, framing: 300_000, activeMotion: 300_000 },
  // The dark that leads to head turns need not last as long as for a person.
  policy: { turn: { limitMs: 60_000 }, lightMs: { passiveActive: 1_000 } },
};

let server: RunningServer;
let site: Site;
let backEnd: BackEnd;
let screen: Child | null = null;
let display: string;

beforeAll(async () => {
  await buildChanged(SERVED);
  server = await startServer();
  site = await startSite(server);
  backEnd = new BackEnd(server);
  if (!engines) return;
  const parameters = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
  const ready = (output: string) => /^(\d+)\n/m.exec(output)?.[1] ?? null;
  const [child, number] = await startChild(engines.xvfb, parameters, { ready });
  [screen, display] = [child, `:${number}`];
});
afterAll(async () => {
  await screen?.end();
  await site.close();
  await server.stop();
});

const ENGINES = [
  {
    engine: 'Firefox',
    keepsCompiled: false,
    isAged: true,
    start: engines && (() => startFirefox(engines.firefox, display)),
  },
  { engine: 'WebKit', keepsCompiled: true, isAged: false, start: engines && (() => startWebKit(engines, display)) },
  { engine: 'Old Chromium', keepsCompiled: true, isAged: false, start: old === null ? null : () => startChromium(old) },
];

for (const { engine, keepsCompiled, isAged, start } of ENGINES)
  describe.skipIf(!start)(engine, () => {
    let browser: Browser;

    beforeAll(async () => {
      if (!start) return;
      browser = await start();
      console.log(`${engine}: ${browser.capabilities.browserName} ${browser.capabilities.browserVersion}`);
      site.isWasmGone = false;
      await browser.open(site.page);
      await until(() => 'checkSupport' in window.watched);
    });
    afterAll(() => browser.close());

    async function until(holds: () => boolean): Promise<void> {
      await vi.waitUntil(() => browser.evaluate(holds), { timeout: PATIENCE_MS, interval: 50 });
    }

    function set(given: Settings): Promise<void> {
      return browser.evaluate((properties) => {
        Object.assign(document.querySelector('face-liveness') as FaceLiveness, properties);
      }, given);
    }

    /** Calls `start()`, runs `meet`, which does what the person does meanwhile, and waits for the result. */
    async function run(fields: Record<string, unknown>, meet?: () => Promise<void>) {
      site.seen.length = 0;
      const { sessionId, authToken } = await backEnd.createSession(fields);
      const outcome = browser.evaluate(
        (token) =>
          (document.querySelector('face-liveness') as FaceLiveness).start(token).then(
            ({ resultId, digest, clientRequestId }) => ({ resultId, digest, clientRequestId }),
            ({ code, message }) => Promise.reject(new Error(`${code}: ${message}`)),
          ),
        authToken,
      );
      const [result] = await Promise.all([outcome, meet?.()]);
      return { sessionId, result };
    }

    async function expectWhole({ sessionId, result }: Awaited<ReturnType<typeof run>>): Promise<CaptureManifest> {
      const seen = site.seen.find(({ path }) => path.endsWith('/detectLiveness/singleModal'));
      if (!seen) throw new Error('Nothing was submitted');
      expect(result.digest).toMatch(/^[0-9A-F]{64}$/);
      expect(result.digest).toBe(sha256Hex(seen.body));
      const entry = (await backEnd.audit(sessionId)).find(({ requestId }) => requestId === result.resultId);
      expect(entry).toMatchObject({ digest: result.digest, clientRequestId: result.clientRequestId });
      expect((await backEnd.session(sessionId)).status).toBe('ResultAvailable');

      const headers = { 'content-type': seen.headers['content-type'] ?? '' };
      const form = await new Response(seen.body, { headers }).formData();
      const manifest = JSON.parse(String(form.get('manifest'))) as CaptureManifest;
      const frames = form.getAll('frame') as File[];
      expect(frames.map(({ name }) => name)).toEqual(manifest.frames.map(({ fileName }) => fileName));
      for (const frame of frames) {
        const bytes = new Uint8Array(await frame.arrayBuffer());
        expect([...bytes.subarray(0, 3), ...bytes.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xff, 0xd9]);
      }
      const held = await browser.evaluate(() => ({
        live: window.actor.tracks.filter(({ readyState }) => readyState === 'live').length,
        workers: window.watched.workers,
        violations: window.watched.violations,
        events: window.watched.events.splice(0),
      }));
      expect(held).toEqual({ live: 0, workers: 0, violations: [], events: ['liveness-complete'] });
      return manifest;
    }

    test('checkSupport() finds nothing missing, and opens no camera', async () => {
      const { checks } = await browser.evaluate(() => window.watched.checkSupport());
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(await browser.evaluate(() => [window.actor.tracks.length, window.watched.workers])).toEqual([0, 0]);
    });

    test('draws the element in the colours of its scheme, and the ring at its intended size', async () => {
      const { isDark, innerHeight, ...seen } = await browser.evaluate(look);
      const colours = isDark
        ? { surface: 'rgb(17, 22, 29)', title: 'rgb(238, 242, 247)', track: 'rgb(50, 60, 73)' }
        : { surface: 'rgb(255, 255, 255)', title: 'rgb(19, 26, 36)', track: 'rgb(217, 223, 232)' };
      const ring = expect.closeTo(Math.min(320, 0.46 * innerHeight), 0) as number;
      expect(seen).toEqual({ ...colours, ring, padding: expect.stringMatching(/^(24|36)px$/) as string });
    });

    test('fits the ring and the loudspeaker into a column of 280 pixels on a wide screen', async () => {
      const { ring, speaker } = await browser.evaluate(embed);
      expect(ring.width).toBeGreaterThan(200);
      expect(ring.width).toBeLessThanOrEqual(280);
      expect(ring.height).toBeCloseTo((ring.width * 4) / 3, 0);
      expect(speaker.bottom).toBeCloseTo(ring.bottom, 0);
      expect(speaker.right).toBeLessThanOrEqual(280);
    });

    test.each([
      // First, because the next test loads the model and keeps it. 5 s: a busy machine has to start the worker in time.
      ['.task', { assets: 5_000 }, 'AssetsTimedOut'],
      ['/session/start', { sessionStart: 500 }, 'ServerRequestTimedOut'],
    ])('fails with the matching timeout error when %s is not answered', async (silent, deadlines, code) => {
      site.silent = silent;
      await set({ deadlines });
      const [outcome] = await Promise.allSettled([run({ livenessOperationMode: 'Passive' })]);
      site.silent = null;
      await set({ deadlines: {} });
      const events = await browser.evaluate(() => window.watched.events.splice(0));
      expect(outcome).toMatchObject({ reason: { message: expect.stringContaining(code) as string } });
      expect(events).toEqual(['liveness-error']);
    });

    test('completes a passive session', async () => {
      await set(UNHURRIED);
      const manifest = await expectWhole(await run({ livenessOperationMode: 'Passive' }));
      expect(manifest.frames.length).toBeGreaterThanOrEqual(4);
      expect(new Set(manifest.frames.map(({ step }) => step))).toEqual(new Set(['passive']));
    });

    test('completes a session with head turns, in the order the service drew', async () => {
      // A browser that keeps compiled wasm does not fetch the file again.
      site.isWasmGone = keepsCompiled;
      await set(UNHURRIED);
      await browser.evaluate(async () => {
        for (const name of await caches.keys()) await caches.delete(name);
      });
      await browser.evaluate(() => {
        window.actor.scene.brightness = 0.25;
      });
      if (isAged) await browser.evaluate(age);
      const agree = async () => {
        await until(
          () => document.querySelector('face-liveness')?.shadowRoot?.querySelector('[part~=primary]') != null,
        );
        // In a dark room the element turns white as a lamp, even in dark mode, at the latest soon after the question.
        await until(() => document.querySelector('face-liveness')?.shadowRoot?.querySelector('.lit') != null);
        const { surface, title, track } = await browser.evaluate(look);
        expect([surface, title]).toEqual(['rgb(255, 255, 255)', 'rgb(19, 26, 36)']);
        expect(track).not.toBe('none');
        if (isAged) {
          // The covered video must still be painted: without painted frames, the element takes the camera for stopped.
          const before = await browser.evaluate(paintedFrames);
          await vi.waitUntil(async () => (await browser.evaluate(paintedFrames)) > before + 5, {
            timeout: PATIENCE_MS,
          });
        }
        await browser.click(
          () => document.querySelector('face-liveness')?.shadowRoot?.querySelector('[part~=primary]') as Element,
        );
      };
      const manifest = await expectWhole(await run({ livenessOperationMode: 'PassiveActive' }, agree));
      const started = site.seen.find(({ path }) => path.endsWith('/session/start'));
      const { activeMotion } = JSON.parse(started?.answer.toString() ?? '') as SessionStartResponse;
      const steps = manifest.frames.map(({ step }) => step);
      const turns = steps.filter((step, index) => step !== 'passive' && step !== steps[index - 1]);
      expect(turns).toEqual(activeMotion.directions);
    });
  });

/** Runs in the page. @returns computed styles and sizes */
function look() {
  const part = (name: string) =>
    document.querySelector('face-liveness')?.shadowRoot?.querySelector(`[part~=${name}]`) as Element;
  const { backgroundColor, paddingTop } = getComputedStyle(part('base'));
  return {
    isDark: matchMedia('(prefers-color-scheme: dark)').matches,
    innerHeight,
    surface: backgroundColor,
    title: getComputedStyle(part('title')).color,
    track: getComputedStyle(part('track')).stroke,
    ring: part('ring').getBoundingClientRect().width,
    padding: paddingTop,
  };
}

/** Runs in the page: measures the ring and an added loudspeaker, which otherwise needs a voice, in a narrow column. */
function embed() {
  const element = document.querySelector('face-liveness') as FaceLiveness;
  const ring = element.shadowRoot?.querySelector('.ring') as Element;
  const speaker = Object.assign(document.createElement('button'), { className: 'speak' });
  ring.after(speaker);
  element.style.inlineSize = '280px';
  const placeOf = (part: Element) => {
    const { width, height, bottom, right } = part.getBoundingClientRect();
    return { width, height, bottom, right: right - element.getBoundingClientRect().left };
  };
  const places = { ring: placeOf(ring), speaker: placeOf(speaker) };
  speaker.remove();
  element.style.inlineSize = '';
  return places;
}

/** Runs in the page, in Firefox only. */
function paintedFrames(): number {
  const video = document.querySelector('face-liveness')?.shadowRoot?.querySelector('video');
  return (video as HTMLVideoElement & { mozPaintedFrames: number }).mozPaintedFrames;
}

/** Runs in the page: removes APIs that Firefox has only since 130 and 132. */
function age() {
  Reflect.deleteProperty(window, 'VideoFrame');
  Reflect.deleteProperty(HTMLVideoElement.prototype, 'requestVideoFrameCallback');
}
