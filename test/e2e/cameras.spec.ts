/** Cameras and pages that come and go, by real browser means: the session recovers, or ends with its own error code. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium, expect, test } from '@playwright/test';
import { ASSET_CACHE } from '../../src/protocol/detector-files.js';
import { actorScript } from '../fixtures/actor.js';
import { FACE_VIDEO, buildFixtures } from '../fixtures/build.js';
import { ElementPage } from './element-page.js';
import { fullBrowser } from './flags.js';
import { allowLeaps } from './leap.js';
import { type Proxy, startProxy } from './proxy.js';
import { type RealBrowser, launchRealBrowser } from './real-browser.js';
import { type RunningServer, startServer } from './server.js';

const DEVICE = '--use-fake-device-for-media-stream';
const ALLOWED = '--use-fake-ui-for-media-stream';
/** A hold of a minute, so that guidance lasts as long as the test needs it. */
const ENDLESS = { policy: { hold: { ms: 60_000 } } };
const RUNNING = 'face-liveness:is(:state(framing), :state(capturing))';

let server: RunningServer;
let proxy: Proxy;
let folder: string;
const opened: (Browser | RealBrowser)[] = [];

test.beforeAll(async () => {
  await buildFixtures();
  server = await startServer();
  proxy = await startProxy(server.url);
  folder = mkdtempSync(join(tmpdir(), 'camera-'));
});
test.beforeEach(() => {
  proxy.seen.length = 0;
});
test.afterEach(async () => {
  await Promise.all(opened.splice(0).map((browser) => browser.close()));
});
test.afterAll(async () => {
  await proxy.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Page and service are reached through the proxy, which records the requests. */
const openElement = (page: Page) => ElementPage.open(page, { ...server, url: proxy.url }, `endpoint="${proxy.url}"`);

async function launch(flags: string[], permissions: string[] = []): Promise<{ page: Page; element: ElementPage }> {
  const browser = await chromium.launch(fullBrowser(...flags));
  opened.push(browser);
  const page = await (await browser.newContext({ permissions })).newPage();
  return { page, element: await openElement(page) };
}

/** A browser with real background tabs, and a recorded person in front of its camera. */
async function launchReal(flags = [ALLOWED], script = ''): Promise<{ page: Page; element: ElementPage }> {
  const browser = await launchRealBrowser([DEVICE, `--use-file-for-fake-video-capture=${FACE_VIDEO}`, ...flags]);
  opened.push(browser);
  const page = browser.context.pages()[0] ?? (await browser.context.newPage());
  await page.addInitScript(allowLeaps);
  await page.addInitScript({ content: script });
  return { page, element: await openElement(page) };
}

const asked = (path: string) => proxy.seen.filter((request) => request.path.endsWith(path)).length;

async function started(element: ElementPage) {
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  // The test awaits the outcome later; until then, a page that goes away must not cause an unhandled rejection.
  outcome.catch(() => undefined);
  return { outcome, authToken };
}

/** The device ids of all cameras opened so far, and the number of tracks that are live. */
const inUse = (page: Page) =>
  page.evaluate(() => ({
    ids: window.held.map((stream) => stream.getVideoTracks()[0]?.getSettings().deviceId),
    live: window.held.flatMap((stream) => stream.getTracks()).filter(({ readyState }) => readyState === 'live').length,
  }));

/** Writes a grey video that Chromium can use as its camera. @returns its path */
function greyCamera(width: number, height: number): string {
  const camera = join(folder, `${width}x${height}.y4m`);
  const picture = Buffer.concat([Buffer.from('FRAME\n'), Buffer.alloc(width * height * 1.5, 110)]);
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(camera, Buffer.concat([header, ...Array<Buffer>(10).fill(picture)]));
  return camera;
}

for (const { code, flags, told } of [
  { code: 'CameraPermissionDenied', flags: [DEVICE, `${ALLOWED}=deny`], told: 'The camera is blocked' },
  { code: 'CameraNotFound', flags: [`${DEVICE}=device-count=0`, ALLOWED], told: 'No camera found' },
]) {
  test(`start() fails with ${code}, the element says so, and no attempt is used up`, async () => {
    const { page, element } = await launch(flags);
    const { authToken } = await element.createSession();
    expect(await element.start(authToken)).toEqual({ error: { code, retryable: true } });
    await expect(page.getByRole('heading', { name: told })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    expect(asked('/session/start')).toBe(0);
    await expect.poll(() => element.held()).toEqual({ tracks: [], workers: 0 });
  });
}

test('start() fails with CameraPermissionDenied when nobody answers the prompt in time', async () => {
  const { element } = await launchReal([]);
  await element.set({ deadlines: { permission: 600 } });
  const { authToken } = await element.createSession();
  expect((await element.start(authToken)).error).toEqual({ code: 'CameraPermissionDenied', retryable: true });
});

test('a session ends with CameraPermissionRevoked when the permission is withdrawn while it runs', async () => {
  const { page, element } = await launch([DEVICE], ['camera']);
  const { outcome } = await started(element);
  await page.context().clearPermissions();
  expect((await outcome).error).toEqual({ code: 'CameraPermissionRevoked', retryable: true });
  await expect.poll(() => asked('/session/attempt/end')).toBe(1);
  await expect.poll(() => element.held()).toEqual({ tracks: ['ended'], workers: 0 });
});

/** Chromium may refuse a broken camera or open it, so the page itself ends the camera as soon as it is opened. */
test('start() fails with CameraStartupFailure when the camera ends before its first picture', async () => {
  const { page, element } = await launch([DEVICE, ALLOWED]);
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      for (const track of stream.getTracks()) track.stop();
      return stream;
    };
  });
  const { authToken } = await element.createSession();
  expect((await element.start(authToken)).error).toEqual({ code: 'CameraStartupFailure', retryable: true });
  expect(asked('/session/start')).toBe(0);
});

test('start() fails with CameraStartupFailure when the camera’s pictures are too small for the service', async () => {
  const { element } = await launch([DEVICE, ALLOWED, `--use-file-for-fake-video-capture=${greyCamera(64, 48)}`]);
  const { authToken } = await element.createSession();
  expect((await element.start(authToken)).error).toEqual({ code: 'CameraStartupFailure', retryable: true });
  expect(asked('/session/start')).toBe(0);
  // The element opened the browser's default camera, and then the same one by its id.
  await expect.poll(() => element.held()).toEqual({ tracks: ['ended', 'ended'], workers: 0 });
});

test('a session ends with CameraDisconnected when the camera goes away for good', async () => {
  const camera = greyCamera(320, 240);
  const { element, page } = await launch([DEVICE, `--use-file-for-fake-video-capture=${camera}`], ['camera']);
  const { outcome } = await started(element);
  truncateSync(camera, 10);
  expect((await outcome).error).toEqual({ code: 'CameraDisconnected', retryable: true });
  await expect(page.getByRole('heading', { name: 'Your camera stopped' })).toBeVisible();
  await expect.poll(() => element.held()).toMatchObject({ workers: 0 });
});

test('a frozen camera first gets a hint and then ends the session with CameraInterrupted', async ({ page }) => {
  await page.addInitScript(allowLeaps);
  await page.addInitScript({ content: await actorScript({ everyNth: 2 }) });
  const element = await openElement(page);
  await element.set({ deadlines: { camera: 60_000, frame: 60_000 } });
  const { outcome } = await started(element);
  await page.evaluate(() => {
    window.actor.scene.isFrozen = true;
  });
  await expect(page.getByRole('heading', { name: 'Uncover the camera, or choose another' })).toBeVisible();
  // `deadlines.camera` is timed in two halves, and a leap fires only timers that are already set.
  for (let half = 0; half < 2; half++) await page.evaluate(() => window.leap(60_000));
  expect((await outcome).error).toEqual({ code: 'CameraInterrupted', retryable: true });
});

test('a session goes on with pictures of the new shape when the device is turned', async ({ page }) => {
  await page.addInitScript(() => {
    const { captureStream } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.captureStream = function (...given) {
      Object.assign(window, { filmed: this });
      return captureStream.apply(this, given);
    };
  });
  await page.addInitScript({ content: await actorScript({ scene: { isEmpty: true }, everyNth: 2 }) });
  const element = await openElement(page);
  const { outcome } = await started(element);
  // The person appears only once the device is turned, so that the session cannot complete before.
  await page.evaluate(() => {
    Object.assign((window as unknown as { filmed: object }).filmed, { width: 480, height: 640 });
    window.actor.scene.isEmpty = false;
  });
  expect((await outcome).error).toBeUndefined();
  const sent = proxy.seen.find(({ path }) => path.endsWith('/detectLiveness/singleModal') && path.includes('v1.2'));
  expect(sent?.body.toString('latin1')).toContain('"camera":{"width":480,"height":640');
});

test('a chosen camera takes over the running session and is remembered, unless camera-id overrides it', async () => {
  const { page, element } = await launch([`${DEVICE}=device-count=2`, ALLOWED]);
  const { outcome, authToken } = await started(element);
  const select = page.getByRole('combobox', { name: 'Camera' });
  await expect(select.getByRole('option')).toHaveText(['fake_device_0', 'fake_device_1']);
  await select.selectOption('fake_device_1');
  await expect.poll(() => inUse(page)).toMatchObject({ ids: [expect.any(String), expect.any(String)], live: 1 });
  const [first, second] = (await inUse(page)).ids;
  expect(second).not.toBe(first);
  await page.waitForSelector(RUNNING);
  await expect(select).toHaveValue(second ?? '');
  expect(await page.evaluate(() => localStorage.getItem('face-liveness:camera:user'))).toBe(second);

  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await outcome).error?.code).toBe('UserCanceledSession');
  const again = element.start(authToken);
  await page.waitForSelector(RUNNING);
  expect((await inUse(page)).ids[2], 'the next session begins with it').toBe(second);
  // The page's own choice takes precedence over the remembered one, even during a session.
  await page.evaluate((id) => document.querySelector('face-liveness')?.setAttribute('camera-id', id ?? ''), first);
  await expect.poll(async () => (await inUse(page)).ids[3]).toBe(first);
  expect((await inUse(page)).live).toBe(1);
  await page.waitForSelector(RUNNING);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await again;
  expect(await page.evaluate(() => document.querySelector('face-liveness')?.cameras())).toHaveLength(2);
  await expect.poll(() => element.held()).toEqual({ tracks: Array(4).fill('ended'), workers: 0 });
});

test('a session uses another camera when camera-id names one that is gone', async () => {
  const { page, element } = await launch([DEVICE, ALLOWED]);
  await page.evaluate(() => document.querySelector('face-liveness')?.setAttribute('camera-id', 'long-gone'));
  const { outcome } = await started(element);
  const present = await page.evaluate(async () =>
    (await navigator.mediaDevices.enumerateDevices()).flatMap(({ kind, deviceId }) =>
      kind === 'videoinput' ? [deviceId] : [],
    ),
  );
  expect(present).toEqual([expect.stringMatching(/^[0-9a-f]+$/)]);
  expect(await inUse(page)).toEqual({ ids: present, live: 1 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await outcome).error?.code).toBe('UserCanceledSession');
});

test('a session pauses while its tab is in the background, and completes once the tab is back', async () => {
  // The person appears when the page is back in front.
  const { page, element } = await launchReal([ALLOWED], await actorScript({ scene: { isEmpty: true }, everyNth: 2 }));
  await element.set({ deadlines: { framing: 90_000, hidden: 200_000, frame: 200_000 } });
  const other = await page.context().newPage();
  await page.bringToFront();
  const { outcome } = await started(element);
  await other.bringToFront();
  const title = () =>
    page.evaluate(() => document.querySelector('face-liveness')?.shadowRoot?.querySelector('h2')?.textContent);
  await expect.poll(title).toBe('Paused');
  // Longer than `deadlines.framing`, which does not run during a pause.
  await page.evaluate(() => {
    window.leap(100_000);
    window.actor.scene.isEmpty = false;
  });
  await page.bringToFront();
  const { result, error } = await outcome;
  expect(error).toBeUndefined();
  expect(result?.digest).toMatch(/^[0-9A-F]{64}$/);
});

test('start() in a background tab opens no camera before the tab is shown', async () => {
  const { page, element } = await launchReal();
  await element.set(ENDLESS);
  await (await page.context().newPage()).bringToFront();
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
  const cached = () => page.evaluate(async (name) => (await (await caches.open(name)).keys()).length, ASSET_CACHE);
  const starting = started(element);
  await expect.poll(cached, 'the face model is fetched meanwhile').toBe(2);
  expect(await element.held()).toEqual({ tracks: [], workers: 1 });
  await page.bringToFront();
  const { outcome } = await starting;
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await outcome).error?.code).toBe('UserCanceledSession');
});

test('a session ends with PageHidden and the camera off when its tab stays in the background too long', async () => {
  const { page, element } = await launchReal();
  await element.set({ deadlines: { hidden: 700 }, ...ENDLESS });
  const other = await page.context().newPage();
  await page.bringToFront();
  const { outcome } = await started(element);
  await other.bringToFront();
  expect((await outcome).error).toEqual({ code: 'PageHidden', retryable: true });
  expect(await element.held()).toMatchObject({ tracks: ['ended'] });
  await expect.poll(() => asked('/session/attempt/end')).toBe(1);
});

test('a session ends with PageSuspended when the browser freezes the page', async () => {
  const { page, element } = await launchReal();
  await element.set(ENDLESS);
  const { outcome } = await started(element);
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  expect((await outcome).error).toEqual({ code: 'PageSuspended', retryable: true });
  expect(await element.held()).toMatchObject({ tracks: ['ended'] });
});

test('a session ends with PageSuspended when its page is left, and another try completes once the page is restored', async () => {
  const { page, element } = await launchReal();
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }));
    document.addEventListener('liveness-error', ({ error }) => Object.assign(window, { code: error.code }));
  });
  await element.set(ENDLESS);
  await started(element);
  // Requests that Playwright intercepts stall while their page is in the back/forward cache.
  await page.unrouteAll();
  await page.goto('about:blank');
  await expect.poll(() => asked('/session/attempt/end'), 'told on the way out').toBe(1);
  await page.goBack({ waitUntil: 'commit' });
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  const { persisted, code } = await page.evaluate(() => {
    const { persisted, code } = window as unknown as { persisted: boolean; code: string };
    return { persisted, code };
  });
  expect(persisted, 'kept, not loaded').toBe(true);
  expect(code).toBe('PageSuspended');
  expect(await element.held()).toMatchObject({ tracks: ['ended'] });
  await element.set({ policy: {} });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'All done' })).toBeVisible({ timeout: 60_000 });
});
