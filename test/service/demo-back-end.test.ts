/** The demo's back end when the service gives invalid answers, and when strangers send too many requests. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome, SessionAnswer } from '../../demo/common/contract.js';
import { createBackEnd } from '../../demo/server/back-end/index.js';
import type { LogLine } from '../../demo/server/service/context.js';
import { sha256Hex } from '../sha256-hex.js';
import { API_KEY, createClient } from './client.js';
import { startService, type RunningService } from './harness.js';
import { submission } from './submission.js';

const HOUR = 3_600_000;
const WANTED = { livenessOperationMode: 'Passive', sendResultsToClient: false, enableSessionImage: false };

it('the back end logs its own failure, and answers 500 Unexpected without details', async () => {
  const sessionId = crypto.randomUUID();
  const log: LogLine[] = [];
  const backEnd = createBackEnd({
    serviceUrl: 'http://service.example',
    isSecure: false,
    apiKey: API_KEY,
    // The same answer to every call: even the audit is not a list.
    fetch: async () => Response.json({ sessionId, authToken: 'a-token' }),
    log: (line) => log.push(line),
  });
  const post = (path: string, body: object, cookie = '') =>
    backEnd.request(path, { method: 'POST', headers: { cookie }, body: JSON.stringify(body) });
  const created = await post('/sessions', WANTED);
  const report = {
    sessionId,
    attemptId: 1,
    resultId: sessionId,
    clientRequestId: sessionId,
    digest: 'A'.repeat(64),
  };
  const answer = await post('/results', report, created.headers.get('set-cookie') ?? '');
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({ error: { code: 'Unexpected', message: 'The back end failed.' } });
  expect(log).toMatchObject([
    { level: 'error', event: 'back-end-failed', error: expect.stringContaining('TypeError') as string },
  ]);
});

it('the back end sets its cookie without Path and Domain', async () => {
  const created = await demo().ask();
  expect(created.headers.get('set-cookie')).toMatch(/^visitor=[0-9a-f-]{36}; HttpOnly; SameSite=Strict$/);
});

afterEach(() => void vi.useRealTimers());

/** A back end whose fake service creates sessions after 5 ms, or `fails()`; its audit is empty. */
function demo(fails = () => false) {
  const backEnd = createBackEnd({
    serviceUrl: 'http://service.example',
    isSecure: false,
    apiKey: API_KEY,
    fetch: async (_, init) => {
      if (init?.method !== 'POST') return Response.json([]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (fails()) throw new TypeError('fetch failed');
      return Response.json({ sessionId: crypto.randomUUID(), authToken: 'a-token' });
    },
    log: () => undefined,
  });
  return {
    ask: async () => backEnd.request('/sessions', { method: 'POST', body: JSON.stringify(WANTED) }),
    reports: async () => (await backEnd.request('/reports')).json(),
    /** Reports a result of the session that was `created`. */
    async report(created: Response, cookie = created.headers.get('set-cookie') ?? '') {
      const { sessionId } = (await created.clone().json()) as { sessionId: string };
      const ids = { sessionId, resultId: sessionId, clientRequestId: sessionId };
      return backEnd.request('/results', {
        method: 'POST',
        headers: { cookie },
        body: JSON.stringify({ ...ids, attemptId: 1, digest: 'A'.repeat(64) }),
      });
    },
  };
}

const statuses = (answers: Response[], status: number) => answers.filter((answer) => answer.status === status).length;

it('a report by anyone but the visitor who created the session gets 404 UnknownSession', async () => {
  const { ask, report } = demo();
  const [own, anothers] = [await ask(), await ask()];
  for (const cookie of ['', anothers.headers.get('set-cookie') ?? '']) {
    const refused = await report(own, cookie);
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({ error: { code: 'UnknownSession' } });
  }
  expect((await report(own)).status).toBe(200);
});

it('1000 of 1501 visitors get a session, the others get 429, and the first keeps its session', async () => {
  const { ask, report } = demo();
  const first = await ask();
  const answers = await Promise.all(Array.from({ length: 1500 }, ask));
  expect([statuses(answers, 200), statuses(answers, 429)]).toEqual([999, 501]);
  for (const answer of answers) if (answer.status === 429) expect(answer.headers.get('retry-after')).toMatch(/^[1-9]/);
  expect((await report(first)).status).toBe(200);
});

it('the place of a visitor for whom the service made no session is free again', async () => {
  let down = true;
  const { ask } = demo(() => down);
  const inVain = await Promise.all(Array.from({ length: 1500 }, ask));
  expect([statuses(inVain, 502), statuses(inVain, 429)]).toEqual([1000, 500]);
  down = false;
  const answers = await Promise.all(Array.from({ length: 1000 }, ask));
  expect(statuses(answers, 200)).toBe(1000);
});

it('a visitor gets 429 with Retry-After while all places are taken, until the oldest session is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { ask, report } = demo();
  const first = await ask();
  vi.advanceTimersByTime(500_000);
  const others = await Promise.all(Array.from({ length: 999 }, ask));
  expect(statuses(others, 200)).toBe(999);
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '100']);

  expect((await report(first)).status).toBe(200);
  vi.advanceTimersByTime(100_000);
  expect((await ask()).status).toBe(200);
  expect((await report(first)).status).toBe(404);
  expect((await ask()).status).toBe(429);
});

it('a report is dropped 48 hours after its session was created', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { ask, report, reports } = demo();
  const first = await ask();
  vi.advanceTimersByTime(HOUR);
  for (const created of [first, await ask()]) expect((await report(created)).status).toBe(200);
  vi.advanceTimersByTime(47 * HOUR - 1);
  expect(await reports()).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(await reports()).toHaveLength(1);
  expect((await report(first)).status).toBe(404);
});

describe('the back end with a service that decides', () => {
  let service: RunningService;
  let livenessDecision: 'realface' | 'spoofface';
  beforeEach(async () => {
    livenessDecision = 'realface';
    const target = { fileName: 'frame-000.jpg', faceRectangle: { top: 1, left: 2, width: 30, height: 40 } };
    service = await startService('SQLite', { judge: { judge: async () => ({ livenessDecision, target }) } });
  });
  afterEach(() => service.close());

  /** A visitor with a session, which they can submit to and report on. */
  async function visitor() {
    const backEnd = createBackEnd({
      serviceUrl: service.url,
      isSecure: false,
      apiKey: API_KEY,
      fetch,
      log: () => undefined,
    });
    const created = await backEnd.request('/sessions', { method: 'POST', body: JSON.stringify(WANTED) });
    const { sessionId, token } = (await created.json()) as SessionAnswer;
    const client = createClient(service.url);
    return {
      async submit(attemptId: number) {
        await client.start(token);
        const body = submission(attemptId);
        const { headers } = await client.submit(token, body);
        const digest = sha256Hex(body.bytes);
        return { resultId: headers.get('apim-request-id') ?? '', digest };
      },
      async report(result: { resultId: string; digest: string }) {
        const ids = { sessionId, attemptId: 1, clientRequestId: sessionId };
        const headers = { cookie: created.headers.get('set-cookie') ?? '' };
        const body = JSON.stringify({ ...ids, ...result });
        return (await (await backEnd.request('/results', { method: 'POST', headers, body })).json()) as Outcome;
      },
      strangersReports: async () => backEnd.request('/reports'),
      async reports() {
        return (await backEnd.request('/reports', { headers: createClient(service.url).withKey })).json();
      },
    };
  }

  it('goes by the first report of a submission, and by no later one with the digest from the answer', async () => {
    const { submit, report, reports } = await visitor();
    const { resultId, digest } = await submit(1);
    const wrong = { resultId, digest: 'A'.repeat(64) };
    const { verdict, digests } = await report(wrong);
    expect([verdict, digests.audited]).toEqual(['untrusted', digest]);
    const others = Array.from({ length: 12 }, () => ({ resultId: crypto.randomUUID(), digest }));
    for (const other of others) await report(other);
    expect(await reports(), 'what is in no audit drives nothing out').toMatchObject([others.at(-1), wrong]);
    expect(await report({ resultId, digest })).toMatchObject({
      verdict: 'untrusted',
      digests: { reported: wrong.digest },
    });
    expect(await reports(), 'one for each submission').toMatchObject([wrong, others.at(-1)]);
  });

  it('answers 401 to a request for the reports without the key, and names the header it goes in', async () => {
    const { strangersReports } = await visitor();
    const answer = await strangersReports();
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('name="Ocp-Apim-Subscription-Key"');
  });

  it('gives a repeated report the same verdict until another submission is decided, then untrusted', async () => {
    const { submit, report } = await visitor();
    const first = await submit(1);
    expect(await report(first)).toMatchObject({ verdict: 'live' });
    expect(await report(first)).toMatchObject({ verdict: 'live' });
    livenessDecision = 'spoofface';
    const second = await submit(2);
    expect(await report(first)).toMatchObject({ verdict: 'untrusted' });
    expect(await report(second)).toMatchObject({ verdict: 'spoof' });
  });
});
