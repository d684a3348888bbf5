/** Connections that fail: what the element sends again, what it waits for, and the error code of each failure. */
import type { IncomingHttpHeaders } from 'node:http';
import { expect, test, type Page } from '@playwright/test';
import { HEADERS, type SessionStartResponse } from '../../src/protocol/wire.js';
import { actorScript } from '../fixtures/actor.js';
import { buildFixtures } from '../fixtures/build.js';
import { sha256Hex } from '../sha256-hex.js';
import { ElementPage } from './element-page.js';
import { ANY_LOOPBACK, FACE_CAMERA, withFlags } from './flags.js';
import { type Fate, type Proxy, startProxy } from './proxy.js';
import { type RunningServer, startServer } from './server.js';

test.use(withFlags(...FACE_CAMERA, ...ANY_LOOPBACK));

const START = '/session/start';
const SUBMIT = '/detectLiveness/singleModal';
/** CORS headers, without which the page cannot read an answer given in the service's place. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

let server: RunningServer;
let proxy: Proxy;

test.beforeAll(async () => {
  await buildFixtures();
  server = await startServer();
  proxy = await startProxy(server.url);
});
test.beforeEach(() => {
  proxy.seen.length = 0;
  proxy.fate = null;
});
test.afterAll(async () => {
  await proxy.close();
  await server.stop();
});

const open = (page: Page, attributes = '') => ElementPage.open(page, server, `endpoint="${proxy.url}" ${attributes}`);

/** Nobody is in front of the camera until `comeIn`, so no pictures are taken before the test is ready. */
async function openEmpty(page: Page): Promise<ElementPage> {
  await page.addInitScript({ content: await actorScript({ scene: { isEmpty: true }, everyNth: 2 }) });
  return open(page);
}
const comeIn = (page: Page) => page.evaluate(() => void (window.actor.scene.isEmpty = false));

const seen = (end: string) => proxy.seen.filter(({ path, method }) => path.endsWith(end) && method === 'POST');

/** A request to the proxy, whether or not it was answered. */
interface Asked {
  at: number;
  headers: IncomingHttpHeaders;
}

/** POST requests whose path ends with `end` meet these fates in turn; later ones are passed on. */
function fates(end: string, ...list: Fate[]): { asked: Asked[] } {
  const asked: Asked[] = [];
  proxy.fate = (path, method, headers) => {
    if (!path.endsWith(end) || method !== 'POST') return null;
    asked.push({ at: performance.now(), headers });
    return list.shift();
  };
  return { asked };
}

/** The distinct values of this header in the requests. */
const valuesOf = (header: string, asked: Asked[]) => [...new Set(asked.map(({ headers }) => headers[header]))];

function always(end: string, fate: Fate): { asked: Asked[] } {
  return fates(end, ...Array<Fate>(20).fill(fate));
}

/** A hold of a minute, so that guidance lasts as long as the test needs it. */
const ENDLESS = { policy: { hold: { ms: 60_000 } } };

test('a submission whose answer is lost is repeated with the same bytes and id, and decided once', async ({ page }) => {
  fates(SUBMIT, 'lose');
  const element = await open(page);
  const { sessionId, authToken } = await element.createSession();
  const { result, error } = await element.start(authToken);
  expect(error).toBeUndefined();

  const [first, second, ...others] = seen(SUBMIT);
  expect(others).toEqual([]);
  expect(second?.headers[HEADERS.clientRequestId]).toBe(first?.headers[HEADERS.clientRequestId]);
  expect(second?.headers[HEADERS.contentDigest]).toBe(first?.headers[HEADERS.contentDigest]);
  expect(sha256Hex(second?.body ?? new Uint8Array())).toBe(result?.digest);
  const decided = (await element.audit(sessionId)).filter(({ response }) => response.statusCode < 300);
  expect(decided.map(({ requestId, digest }) => ({ requestId, digest }))).toEqual([
    { requestId: result?.resultId, digest: result?.digest },
  ]);
  await expect.poll(() => element.held()).toEqual({ tracks: ['ended'], workers: 0 });
});

test('session/start is repeated with the same id after a 503, no sooner than Retry-After says, and after a broken connection', async ({
  page,
}) => {
  const { asked } = fates(START, { status: 503, headers: { ...CORS, 'retry-after': '2' } }, 'break');
  const element = await open(page);
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  expect(asked).toHaveLength(3);
  const [first = 0, second = 0] = asked.map(({ at }) => at);
  expect(second - first).toBeGreaterThan(1_990);
  expect(valuesOf(HEADERS.clientRequestId, asked)).toEqual([expect.any(String)]);
  expect(seen(START), 'one reached the service').toHaveLength(1);
  expect((await outcome).error).toBeUndefined();
});

test('a lost answer to session/start uses up no attempt', async ({ page }) => {
  fates(START, 'lose');
  const element = await open(page);
  await element.set(ENDLESS);
  const { sessionId, authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  const [first, second, ...others] = seen(START);
  expect(others).toEqual([]);
  expect(second?.headers[HEADERS.clientRequestId]).toBe(first?.headers[HEADERS.clientRequestId]);
  const [lost, answered] = [first, second].map((request) => {
    // `limits.seconds`, the time left, differs between the two answers.
    const { limits: _, ...attempt } = JSON.parse(request?.answer.toString() ?? '') as SessionStartResponse;
    return attempt;
  });
  expect(answered).toEqual(lost);
  expect(answered).toMatchObject({ attemptId: 1, attemptsRemaining: 2 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await outcome).error?.code).toBe('UserCanceledSession');
  expect(await element.audit(sessionId)).toEqual([]);
});

test('pictures taken while offline wait, with the camera off, and are sent once online', async ({ page, context }) => {
  const element = await openEmpty(page);
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  await context.setOffline(true);
  await comeIn(page);
  await expect(page.getByRole('heading', { name: 'Waiting for a connection' })).toBeVisible({ timeout: 60_000 });
  await expect(
    page.getByText('Your pictures are sent as soon as you are online again.', { exact: true }),
  ).toBeVisible();
  expect(await element.held(), 'the camera is off').toMatchObject({ tracks: ['ended'] });
  expect(seen(SUBMIT)).toEqual([]);
  await context.setOffline(false);
  expect((await outcome).error).toBeUndefined();
  expect(seen(SUBMIT)).toHaveLength(1);
});

test('a session ends with Offline when the connection does not come back in time', async ({ page, context }) => {
  const element = await openEmpty(page);
  await element.set({ deadlines: { offline: 700 } });
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  await context.setOffline(true);
  await comeIn(page);
  expect((await outcome).error).toEqual({ code: 'Offline', retryable: true });
  await expect(page.getByRole('heading', { name: 'No connection' })).toBeVisible();
  await context.setOffline(false);
  await expect.poll(() => element.held()).toMatchObject({ workers: 0 });
});

test('a session that waits for a connection can be canceled, and then does not say that no pictures were sent', async ({
  page,
  context,
}) => {
  const element = await openEmpty(page);
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  await context.setOffline(true);
  await comeIn(page);
  await page.getByRole('button', { name: 'Cancel' }).click({ trial: true });
  await expect(page.getByRole('heading', { name: 'Waiting for a connection' })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await outcome).error?.code).toBe('UserCanceledSession');
  await expect(page.getByText('No pictures were sent')).toHaveCount(0);
  await context.setOffline(false);
});

test('a submission is repeated with the same bytes and id until it gets through, and the element says that it waits', async ({
  page,
}) => {
  const { asked } = fates(SUBMIT, ...Array<Fate>(5).fill('break'));
  const element = await open(page);
  const { authToken } = await element.createSession();
  const outcome = element.start(authToken);
  await expect(page.getByRole('heading', { name: 'Waiting for a connection' })).toBeVisible({ timeout: 60_000 });
  const { result, error } = await outcome;
  expect(error).toBeUndefined();
  expect(asked).toHaveLength(6);
  expect(valuesOf(HEADERS.contentDigest, asked), 'made of the bytes anew for each').toEqual([expect.any(String)]);
  expect(valuesOf(HEADERS.clientRequestId, asked)).toEqual([result?.clientRequestId]);
  expect(seen(SUBMIT)).toHaveLength(1);
  expect(sha256Hex(seen(SUBMIT)[0]?.body ?? new Uint8Array())).toBe(result?.digest);
});

test('start() fails with ServiceUnreachable at its deadline, and can be canceled before', async ({ page }) => {
  const { asked } = always(START, 'break');
  const element = await open(page);
  await element.set({ deadlines: { sessionStart: 3_000 } });
  const { authToken } = await element.createSession();
  expect((await element.start(authToken)).error).toEqual({ code: 'ServiceUnreachable', retryable: true });
  expect(asked.length).toBeGreaterThan(1);
  await expect.poll(() => element.held()).toEqual({ tracks: ['ended'], workers: 0 });

  await element.set({ deadlines: { sessionStart: 600_000 } });
  const outcome = element.start(authToken);
  await expect(page.getByRole('heading', { name: 'Waiting for a connection' })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await outcome).error?.code).toBe('UserCanceledSession');
  await expect.poll(() => element.held()).toEqual({ tracks: ['ended', 'ended'], workers: 0 });
});

/** What becomes of session/start, and the error and the number of tries that follow. */
const REFUSALS = [
  {
    name: 'ServerRequestTimedOut',
    fate: 'hang',
    deadlines: { sessionStart: 900 },
    error: { retryable: true },
    tries: 1,
  },
  {
    name: 'UnexpectedServerError',
    fate: { status: 500, headers: CORS },
    error: { retryable: true, status: 500 },
    tries: 4,
  },
  // As from a reverse proxy with a lower limit for bodies.
  {
    name: 'UnexpectedClientError',
    fate: { status: 413, headers: CORS },
    error: { retryable: false, status: 413 },
    tries: 1,
  },
  {
    name: 'TooManyRequests',
    fate: { status: 429, headers: { ...CORS, 'retry-after': '600' } },
    error: { retryable: true, status: 429 },
    tries: 1,
  },
] as const;

test(`start() fails with ${REFUSALS.map(({ name, tries }) => `${name} after ${tries}`).join(', ')} tries of session/start`, async ({
  page,
}) => {
  const element = await open(page);
  for (const [index, { name, fate, error, tries, ...rest }] of REFUSALS.entries()) {
    await test.step(name, async () => {
      const { asked } = always(START, fate);
      await element.set({ deadlines: 'deadlines' in rest ? rest.deadlines : {} });
      const { authToken } = await element.createSession();
      expect.soft((await element.start(authToken)).error, name).toEqual({ code: name, ...error });
      expect.soft(asked, `tries until ${name}`).toHaveLength(tries);
      const tracks = Array<string>(index + 1).fill('ended');
      await expect.poll(() => element.held(), `after ${name}`).toEqual({ tracks, workers: 0 });
    });
  }
});

for (const end of [START, SUBMIT]) {
  test(`start() fails with UnexpectedClientError when ${end} redirects`, async ({ page }) => {
    const elsewhere = await startProxy(server.url);
    const sent: string[] = [];
    elsewhere.fate = (path, method) => {
      if (method === 'POST') sent.push(path);
      const allowed = [HEADERS.clientRequestId, HEADERS.contentDigest, 'authorization', 'content-type'].join();
      const exposed = { 'access-control-expose-headers': HEADERS.requestId, [HEADERS.requestId]: 'of-somebody-else' };
      return { status: 204, headers: { ...CORS, ...exposed, 'access-control-allow-headers': allowed } };
    };
    const location = `${elsewhere.url}/face/v1.2-preview.1${end}`;
    const { asked } = always(end, { status: 307, headers: { ...CORS, location } });
    try {
      const element = await open(page);
      const { authToken } = await element.createSession();
      expect((await element.start(authToken)).error).toEqual({ code: 'UnexpectedClientError', retryable: false });
      expect(asked).toHaveLength(1);
      // The browser sends a submission to the other address as well, which the element cannot prevent: docs/wire.md.
      expect(sent.filter((path) => path.endsWith(START))).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });
}

test('each try takes the token’s next attempt, until start() fails with AttemptsExhausted', async ({ page }) => {
  const element = await open(page);
  await element.set(ENDLESS);
  const { authToken } = await element.createSession();
  let outcome = element.start(authToken);
  const again = page.getByRole('button', { name: 'Try again' });
  for (const left of [2, 1, 0]) {
    await page.waitForSelector('face-liveness:is(:state(framing), :state(capturing))');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await outcome).error?.code).toBe('UserCanceledSession');
    await expect(again).toHaveCount(left > 0 ? 1 : 0);
    if (left > 0) {
      outcome = page.evaluate(
        () =>
          new Promise((resolve) => {
            const ended = () => resolve({ error: { code: 'UserCanceledSession', retryable: true } });
            document.addEventListener('liveness-cancel', ended, { once: true });
          }),
      );
      await again.click();
    }
  }
  const attempts = seen(START).map(({ answer }) => (JSON.parse(answer.toString()) as { attemptId: number }).attemptId);
  expect(attempts).toEqual([1, 2, 3]);
  expect((await element.start(authToken)).error).toEqual({ code: 'AttemptsExhausted', retryable: false, status: 403 });
});

test('a session ends with AttemptExpired when another attempt was started with its token', async ({ page }) => {
  const element = await openEmpty(page);
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  const response = await fetch(`${server.url}/face/v1.2-preview.1/session/start`, {
    method: 'POST',
    headers: { authorization: `Bearer ${authToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ client: { name: 'another', version: '1' } }),
  });
  expect(response.status).toBe(200);
  await comeIn(page);
  expect((await outcome).error).toEqual({ code: 'AttemptExpired', retryable: true, status: 409 });
});

test('start() fails with InvalidToken, SessionNotFound or InvalidDeviceCorrelationId as the service refuses it', async ({
  page,
}) => {
  const element = await open(page);
  const { sessionId, authToken } = await element.createSession();
  const forged = `${authToken.slice(0, -6)}AAAAAA`;
  expect((await element.start(forged)).error).toEqual({ code: 'InvalidToken', retryable: false, status: 401 });
  await element.deleteSession(sessionId);
  expect((await element.start(authToken)).error).toEqual({ code: 'SessionNotFound', retryable: false, status: 404 });
  const wanting = await element.createSession({ deviceCorrelationId: undefined, deviceCorrelationIdSetInClient: true });
  expect((await element.start(wanting.authToken)).error).toEqual({
    code: 'InvalidDeviceCorrelationId',
    retryable: false,
    status: 400,
  });
});
