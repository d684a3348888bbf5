/** Failing workers and unsuitable pictures: each has its own error code and title, and leaves nothing running. */
import { readFileSync } from 'node:fs';
import { type Page, chromium, expect, test } from '@playwright/test';
import { actorScript } from '../fixtures/actor.js';
import type { ActorOptions } from '../fixtures/page/actor.js';
import type { GuidanceCode } from '../../src/protocol/guidance.js';
import { ElementPage } from './element-page.js';
import { CAMERA, ownBrowser, withFlags } from './flags.js';
import { allowLeaps } from './leap.js';
import { type Proxy, startProxy } from './proxy.js';
import { type RunningServer, startServer } from './server.js';

test.use(withFlags(...CAMERA));

let server: RunningServer;
let proxy: Proxy;

test.beforeAll(async () => {
  server = await startServer();
  proxy = await startProxy(server.url);
});
test.afterEach(() => {
  proxy.fate = null;
});
test.afterAll(async () => {
  await proxy.close();
  await server.stop();
});

/** @param person an actor in front of the camera, instead of Chromium's test picture */
async function open(
  page: Page,
  properties: Parameters<ElementPage['set']>[0] = {},
  person?: Partial<ActorOptions>,
): Promise<ElementPage> {
  await page.addInitScript(allowLeaps);
  if (person) await page.addInitScript({ content: await actorScript({ everyNth: 2, ...person }) });
  const element = await ElementPage.open(page, { ...server, url: proxy.url }, `endpoint="${proxy.url}"`);
  await element.set(properties);
  return element;
}

/** `frame` and `camera` are far longer than `framing`, so that a leap over `framing` ends neither. */
const LATE = { framing: 20_000, frame: 60_000, camera: 60_000 };

/** @param late guidance after which the time for framing is leaped over */
async function expectEnd(
  element: ElementPage,
  error: { code: string; retryable: boolean },
  told: string,
  late?: GuidanceCode,
): Promise<void> {
  const { page } = element;
  const { authToken } = await element.createSession();
  const guided =
    late &&
    page.evaluate(
      (code) =>
        new Promise<void>((resolve) => {
          document.addEventListener('liveness-guidance', ({ guidance }) => guidance.code === code && resolve());
        }),
      late,
    );
  const outcome = element.start(authToken);
  if (guided) {
    await Promise.race([guided, outcome]);
    await page.evaluate((milliseconds) => window.leap(milliseconds), LATE.framing);
  }
  expect((await outcome).error).toEqual(error);
  await expect(page.getByRole('heading', { name: told })).toBeVisible();
  await expectReleased(element);
}

/** The session opened one camera, and nothing of it is left. */
const expectReleased = (element: ElementPage) =>
  expect.poll(() => element.held()).toEqual({ tracks: ['ended'], workers: 0 });

/** Serves the built worker with this source appended. */
function spoilWorker(source: string): void {
  const body = `${readFileSync('dist/element/liveness.worker.js', 'utf8')}\n${source}`;
  proxy.fate = (path) =>
    path.endsWith('worker.js') ? { status: 200, headers: { 'content-type': 'text/javascript' }, body } : null;
}

test('a session ends with WorkerCrashed when the worker throws an uncaught error', async ({ page }) => {
  spoilWorker('setTimeout(() => { throw new Error("spoilt"); }, 600);');
  const element = await open(page);
  await expectEnd(element, { code: 'WorkerCrashed', retryable: true }, 'Something went wrong');
});

test('a session ends with WorkerTimedOut when the worker hangs', async ({ page }) => {
  // It hangs after its first answer: if a worker never answers, its file may have failed to load.
  spoilWorker('const answer = postMessage; self.postMessage = (...given) => { answer(...given); for (;;); };');
  const element = await open(page, { deadlines: { ...LATE, assets: 30_000, frame: 1_000 } });
  const ended = expectEnd(element, { code: 'WorkerTimedOut', retryable: true }, 'Something went wrong');
  await expect.poll(async () => (await element.held()).tracks).toContain('live');
  await page.evaluate(() => window.leap(31_000));
  await ended;
});

test('a session ends with WorkerCrashed when the worker cannot read a picture’s pixels', async ({ page }) => {
  spoilWorker('OffscreenCanvasRenderingContext2D.prototype.getImageData = () => { throw new TypeError("spoilt"); };');
  const element = await open(page);
  await expectEnd(element, { code: 'WorkerCrashed', retryable: true }, 'Something went wrong');
});

test('a session ends with Unexpected when a browser API throws an unforeseen error', async ({ page }) => {
  const element = await open(page);
  await page.evaluate(() => {
    MediaStreamTrack.prototype.getSettings = () => {
      throw new TypeError('spoilt');
    };
  });
  await expectEnd(element, { code: 'Unexpected', retryable: false }, 'This page has a problem');
});

test('a session ends with DetectorFailed when WebAssembly tables are too small for the detector', async () => {
  const browser = await chromium.launch(ownBrowser(...CAMERA, '--js-flags=--wasm-max-table-size=10'));
  try {
    const element = await open(await browser.newPage());
    await expectEnd(element, { code: 'DetectorFailed', retryable: true }, 'This browser is not supported');
  } finally {
    await browser.close();
  }
});

test('a session ends with TimedOut when the person stays too far away', async ({ page }) => {
  const element = await open(page, { deadlines: LATE }, { scene: { zoom: 0.45 } });
  await expectEnd(element, { code: 'TimedOut', retryable: true }, 'That took too long', 'moveCloser');
});

test('a session ends with MultipleFacesDetected when a second face stays in view', async ({ page }) => {
  const element = await open(page, { deadlines: LATE }, {});
  // Draws the person twice, once in each half of the picture.
  await page.evaluate(() => {
    const { drawImage } = CanvasRenderingContext2D.prototype as { drawImage(...given: unknown[]): void };
    CanvasRenderingContext2D.prototype.drawImage = function (this: CanvasRenderingContext2D, ...given: unknown[]) {
      const [image, left, top] = given as [CanvasImageSource, number, number];
      if (!(image instanceof ImageBitmap)) return drawImage.apply(this, given);
      const { width, height } = image;
      const half = (from: number) =>
        drawImage.call(this, image, width / 4, 0, width / 2, height, left + from, top, width / 2, height);
      half(0);
      half(width / 2);
    } as typeof drawImage;
  });
  await expectEnd(element, { code: 'MultipleFacesDetected', retryable: true }, 'More than one face', 'severalFaces');
});

for (const { code, told, misbehave } of [
  {
    code: 'HeadTurnNotPerformed',
    told: 'Head turn not seen',
    misbehave: () => void (window.actor.behaviour = 'still'),
  },
  {
    code: 'FaceTrackingFailed',
    told: 'We could not see your face',
    misbehave: () => void setTimeout(() => (window.actor.scene.isEmpty = true), 300),
  },
] as const) {
  test(`a session ends with ${code} when the head turns go wrong`, async ({ page }) => {
    const policy = { lightMs: { passiveActive: 500 }, turn: { limitMs: 2_500 } };
    const element = await open(page, { policy }, { scene: { brightness: 0.25 } });
    const { authToken } = await element.createSession({ livenessOperationMode: 'PassiveActive' });
    const outcome = element.start(authToken);
    await page.getByRole('button', { name: 'Continue' }).click({ timeout: 60_000 });
    await page.evaluate(misbehave);
    expect((await outcome).error).toEqual({ code, retryable: true });
    await expect(page.getByRole('heading', { name: told })).toBeVisible();
    await expectReleased(element);
  });
}

test('a session ends with NoFaceDetected when nobody is in view', async ({ page }) => {
  const element = await open(page, { deadlines: LATE });
  await expectEnd(element, { code: 'NoFaceDetected', retryable: true }, 'We could not see your face', 'noFace');
});

test('start() fails with AlreadyRunning while another element on the page runs a session', async ({ page }) => {
  const element = await open(page);
  const { authToken } = await element.createSession();
  const outcome = element.start(authToken);
  await page.waitForSelector('face-liveness:state(framing)');
  const code = await page.evaluate(async (token) => {
    const other = document.createElement('face-liveness');
    document.body.append(other);
    return other.start(token).catch((error: { code: string }) => error.code);
  }, authToken);
  expect(code).toBe('AlreadyRunning');
  await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible();
  expect(await element.held(), 'of the first element alone').toEqual({ tracks: ['live'], workers: 1 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await outcome).error?.code).toBe('UserCanceledSession');
  await expectReleased(element);
});
