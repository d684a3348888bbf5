/** One real session, end to end: a recorded face through Chromium's fake camera, the built element, the built service. */
import { readFileSync } from 'node:fs';
import { type Browser, expect, test } from '@playwright/test';
import { HEADERS } from '../../src/protocol/wire.js';
import type { AttemptEndRequest, CaptureManifest, SessionStartResponse } from '../../src/protocol/wire.js';
import { buildFixtures } from '../fixtures/build.js';
import { serveRepository } from '../fixtures/serve.js';
import type { FaceLiveness } from '../../src/face-liveness.js';
import { sha256Hex } from '../sha256-hex.js';
import { ElementPage } from './element-page.js';
import { ANY_LOOPBACK, FACE_CAMERA, inFullBrowser } from './flags.js';
import { type Proxy, type SeenRequest, startProxy } from './proxy.js';
import { type RunningServer, startServer } from './server.js';

test.use(inFullBrowser(...FACE_CAMERA, ...ANY_LOOPBACK));

let server: RunningServer;
let proxy: Proxy;

test.beforeAll(async () => {
  await buildFixtures();
  server = await startServer();
  proxy = await startProxy(server.url);
});

test.afterAll(async () => {
  await proxy.close();
  await server.stop();
});

test.beforeEach(() => {
  proxy.seen.length = 0;
  proxy.tamper = null;
});

const submissionSeen = () => proxy.seen.find(({ path }) => path.endsWith('/detectLiveness/singleModal'));

test('element, audit entry and wire have the same digest, and every frame shows the face', async ({
  page,
  browser,
}) => {
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const element = await ElementPage.open(page, server, `endpoint="${proxy.url}"`);
  const { sessionId, authToken } = await element.createSession();
  const { result } = await element.start(authToken);

  const seen = submissionSeen();
  if (!result || !seen) throw new Error('No result, or no submission');
  expect(seen.status, 'sendResultsToClient is false').toBe(204);
  expect(result.livenessDecision).toBeUndefined();
  expect(result.digest).toMatch(/^[0-9A-F]{64}$/);
  expect(result.digest).toBe(sha256Hex(seen.body));

  const entry = (await element.audit(sessionId)).find(({ requestId }) => requestId === result.resultId);
  expect(entry?.digest).toBe(result.digest);
  expect(entry?.clientRequestId).toBe(result.clientRequestId);
  expect(seen.headers[HEADERS.clientRequestId]).toBe(result.clientRequestId);
  const start = proxy.seen.find(({ path }) => path.endsWith('/session/start'));
  expect(start?.headers.origin).toBe(new URL(page.url()).origin);
  expect(start?.headers.referer, 'the page’s address').toBeUndefined();
  const session = await element.session(sessionId);
  expect(session.status).toBe('ResultAvailable');
  expect(session.result?.response.body.livenessDecision).toBe('uncertain');

  const { manifest, frames } = await partsOf(seen);
  expect(frames.map(({ name }) => name)).toEqual(manifest.frames.map(({ fileName }) => fileName));
  expect(frames.length).toBeGreaterThanOrEqual(4);
  await expectFaces(browser, frames, manifest, manifest.camera);

  expect(element.foreignRequests(server.url, proxy.url)).toEqual([]);
  await expect.poll(() => element.held()).toEqual({ tracks: ['ended'], workers: 0 });
  expect(errors, 'in the console').toEqual([]);
});

/** Parses the submission with Node's multipart parser, which shares no code with the element or the service. */
async function partsOf({ body, headers }: SeenRequest): Promise<{ manifest: CaptureManifest; frames: File[] }> {
  const form = await new Response(body, { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
  return {
    manifest: JSON.parse(String(form.get('manifest'))) as CaptureManifest,
    frames: form.getAll('frame') as File[],
  };
}

/** Checks in a separate page that each JPEG, of this size, shows one face with its nose where the manifest says. */
async function expectFaces(
  browser: Browser,
  frames: File[],
  manifest: CaptureManifest,
  size: { width: number; height: number },
) {
  const repository = await serveRepository();
  const page = await browser.newPage();
  await page.goto(repository.pageOf('test/fixtures/page/faces.ts'));
  try {
    for (const [index, frame] of frames.entries()) {
      const jpeg = Buffer.from(await frame.arrayBuffer());
      expect([...jpeg.subarray(0, 3)], 'the mark of a JPEG').toEqual([0xff, 0xd8, 0xff]);
      const source = `data:image/jpeg;base64,${jpeg.toString('base64')}`;
      const [face, ...others] = await page.evaluate((asked) => window.findFaces(asked), { source });
      expect(others).toEqual([]);
      const { noseTip } = manifest.frames[index]?.points ?? { noseTip: { x: NaN, y: NaN } };
      expect(Math.abs((face?.points[1]?.x ?? 0) * size.width - noseTip.x)).toBeLessThan(8);
      expect(Math.abs((face?.points[1]?.y ?? 0) * size.height - noseTip.y)).toBeLessThan(8);
    }
  } finally {
    await page.close();
    await repository.close();
  }
}

test('with camera-rotation, the picture of a camera on its side is shown and sent upright', async ({
  page,
  browser,
}) => {
  const element = await ElementPage.open(page, server, `endpoint="${proxy.url}" camera-rotation="90"`);
  await page.evaluate(layCameraOnItsSide);
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  const box = (part: string) => page.locator(`face-liveness [part~=${part}]`).boundingBox();
  const [ring, video] = [await box('ring'), await box('video')];
  expect((video?.width ?? 0) / (ring?.width ?? 0), 'as a camera that stands').toBeCloseTo(0.912, 2);
  expect((video?.height ?? 0) / (ring?.height ?? 0)).toBeCloseTo(0.912, 2);
  expect((video?.x ?? 0) - (ring?.x ?? 0)).toBeCloseTo((ring?.width ?? 0) * 0.044, 0);
  expect((await outcome).error).toBeUndefined();

  const seen = submissionSeen();
  if (!seen) throw new Error('No submission');
  const { manifest, frames } = await partsOf(seen);
  expect(manifest.camera, 'as it is mounted').toMatchObject({ width: 480, height: 640 });
  await expectFaces(browser, frames, manifest, { width: 640, height: 480 });
});

/** Runs in the page: turns the recorded camera's picture a quarter turn to the left. */
function layCameraOnItsSide(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const video = document.createElement('video');
    video.srcObject = await open(constraints);
    await video.play();
    const { videoWidth: width, videoHeight: height } = video;
    const canvas = Object.assign(document.createElement('canvas'), { width: height, height: width });
    const context = canvas.getContext('2d');
    context?.translate(0, width);
    context?.rotate(-Math.PI / 2);
    setInterval(() => context?.drawImage(video, 0, 0), 33);
    return canvas.captureStream();
  };
}

test('with sendResultsToClient, the submission answers 200 and start() returns the decision', async ({ page }) => {
  const element = await ElementPage.open(page, server, `endpoint="${proxy.url}"`);
  const { authToken } = await element.createSession({ sendResultsToClient: true });
  const { result } = await element.start(authToken);
  expect(submissionSeen()?.status).toBe(200);
  expect(result?.livenessDecision).toBe('uncertain');
});

test('verifyImage is sent byte for byte', async ({ page }) => {
  const picture = readFileSync('node_modules/@vladmandic/face-api/demo/sample1.jpg');
  const element = await ElementPage.open(page, server, `endpoint="${proxy.url}"`);
  await page.evaluate(
    (bytes) => {
      const image = new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' });
      Object.assign(document.querySelector('face-liveness') ?? {}, { verifyImage: image });
    },
    [...picture],
  );
  const { authToken } = await element.createSessionWithVerify();
  expect((await element.start(authToken)).error).toBeUndefined();
  const seen = proxy.seen.find(({ path }) => path.endsWith('/detectLivenessWithVerify/singleModal'));
  const contentType = seen?.headers['content-type'] ?? '';
  const form = await new Response(seen?.body, { headers: { 'content-type': contentType } }).formData();
  const sent = Buffer.from(await (form.get('VerifyImage') as File).arrayBuffer());
  expect(sent.equals(picture)).toBe(true);
});

test('frames are left out, but no more than necessary, when a submission would exceed maxBytes', async ({ page }) => {
  // Enough for two frames. The first test of this file expects at least four.
  const maxBytes = 58_000;
  await page.route('**/session/start', async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as SessionStartResponse;
    await route.fulfill({ response, json: { ...answer, limits: { ...answer.limits, maxBytes } } });
  });
  const element = await ElementPage.open(page, server, `endpoint="${proxy.url}"`);
  const { authToken } = await element.createSession();
  expect((await element.start(authToken)).error).toBeUndefined();
  const seen = submissionSeen();
  if (!seen) throw new Error('No submission');
  const { frames } = await partsOf(seen);
  expect(seen.body.length).toBeLessThanOrEqual(maxBytes);
  expect(frames.length).toBeLessThan(4);
  expect((seen.body.length / frames.length) * (frames.length + 1), 'with one more').toBeGreaterThan(maxBytes);
});

test('a submission with one flipped byte is refused with DigestMismatch and audited', async ({ page }) => {
  proxy.tamper = (body) => body.writeUInt8(body.readUInt8(body.length >> 1) ^ 1, body.length >> 1);
  const element = await ElementPage.open(page, server, `endpoint="${proxy.url}"`);
  const { sessionId, authToken } = await element.createSession();
  expect(await element.start(authToken)).toEqual({ error: { code: 'DigestMismatch', retryable: true, status: 400 } });

  const refused = (await element.audit(sessionId)).at(-1);
  const seen = submissionSeen();
  expect(refused?.response.statusCode).toBe(400);
  expect(refused?.digest).not.toBe(sha256Hex(seen?.body ?? new Uint8Array()));
  await expect.poll(() => element.held()).toEqual({ tracks: ['ended'], workers: 0 });
});

test('with a flipped byte and a forged Content-Digest, the digests of element and audit differ', async ({ page }) => {
  proxy.tamper = (body, headers) => {
    // Inside the last frame's pixels, so that everything else about the request stays well-formed.
    const at = body.length - 400;
    body.writeUInt8(body.readUInt8(at) ^ 1, at);
    headers[HEADERS.contentDigest] = `sha-256=:${Buffer.from(sha256Hex(body), 'hex').toString('base64')}:`;
  };
  const element = await ElementPage.open(page, server, `endpoint="${proxy.url}"`);
  const { sessionId, authToken } = await element.createSession();
  const { result } = await element.start(authToken);
  const entry = (await element.audit(sessionId)).find(({ requestId }) => requestId === result?.resultId);
  expect(entry?.digest).toMatch(/^[0-9A-F]{64}$/);
  expect(result?.digest).toMatch(/^[0-9A-F]{64}$/);
  expect(entry?.digest).not.toBe(result?.digest);
});

test('cancel() and removing the element stop the camera and the worker and end the attempt', async ({ page }) => {
  const element = await ElementPage.open(page, server, `endpoint="${proxy.url}"`);
  await element.set({ policy: { hold: { ms: 60_000 } } });
  let runs = 0;
  const tokens: string[] = [];
  const endings = () =>
    proxy.seen
      .filter(({ path }) => path.endsWith('/session/attempt/end'))
      .map(({ headers, status, body }) => ({
        token: headers.authorization,
        status,
        ...(JSON.parse(body.toString()) as AttemptEndRequest),
      }));
  for (const [leave, code] of [
    [() => document.querySelector<FaceLiveness>('face-liveness')?.cancel(), 'UserCanceledSession'],
    [() => document.querySelector('face-liveness')?.remove(), 'UserCanceledSession'],
  ] as const) {
    const { authToken } = await element.createSession();
    const outcome = element.start(authToken);
    await page.waitForSelector('face-liveness:is(:state(framing), :state(capturing))');
    await page.evaluate(leave);
    expect((await outcome).error?.code).toBe(code);
    await expect.poll(() => element.held()).toEqual({ tracks: Array(++runs).fill('ended'), workers: 0 });
    tokens.push(authToken);
    // The first attempt of each token.
    const ended = { attemptId: 1, reason: code } satisfies AttemptEndRequest;
    await expect.poll(endings).toEqual(tokens.map((token) => ({ token: `Bearer ${token}`, status: 204, ...ended })));
  }
  expect(submissionSeen()).toBeUndefined();
});

test('start() fails with SessionNotFound, ServiceUnreachable or TokenExpired, whichever is the cause', async ({
  page,
}) => {
  const element = await ElementPage.open(page, server);
  const { sessionId, authToken } = await element.createSession();
  await element.deleteSession(sessionId);
  expect((await element.start(authToken)).error?.code).toBe('SessionNotFound');
  await expect.poll(() => element.held()).toMatchObject({ workers: 0 });

  const { authToken: good } = await element.createSession();
  await element.set({ deadlines: { sessionStart: 5_000 } });
  const down = await startProxy(server.url);
  await down.close();
  await page.evaluate((url) => document.querySelector('face-liveness')?.setAttribute('endpoint', url), down.url);
  expect((await element.start(good)).error?.code).toBe('ServiceUnreachable');
  await page.evaluate(() => document.querySelector('face-liveness')?.removeAttribute('endpoint'));
  await element.set({ deadlines: {} });

  await page.clock.setFixedTime(Date.now() + 700_000);
  expect((await element.start(good)).error?.code).toBe('TokenExpired');
  expect((await element.held()).tracks.every((state) => state === 'ended')).toBe(true);
});
