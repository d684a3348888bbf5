/** The demo's back end where the service answers what it should not, and where strangers ask too much of it. */
import { afterEach, expect, it, vi } from 'vitest';
import { createBackEnd } from '../../demo/server/back-end/index.js';
import type { LogLine } from '../../demo/server/service/context.js';
import { API_KEY } from './harness.js';

it('logs its own failure as the service does, and tells the page no more than that', async () => {
  const sessionId = crypto.randomUUID();
  const log: LogLine[] = [];
  const backEnd = createBackEnd({
    serviceUrl: 'http://service.example',
    isSecure: false,
    apiKey: API_KEY,
    // Not even the audit is a list.
    fetch: async () => Response.json({ sessionId, authToken: 'a-token' }),
    log: (line) => log.push(line),
  });
  const post = (path: string, body: object, cookie = '') =>
    backEnd.request(path, { method: 'POST', headers: { cookie }, body: JSON.stringify(body) });
  const wanted = { livenessOperationMode: 'Passive', sendResultsToClient: false, enableSessionImage: false };
  const created = await post('/sessions', wanted);
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

afterEach(() => void vi.useRealTimers());

it('a stranger who asks on and on drives nobody out who is under way, and waits until one of them is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const backEnd = createBackEnd({
    serviceUrl: 'http://service.example',
    isSecure: false,
    apiKey: API_KEY,
    fetch: async (_, init) =>
      Response.json(init?.method === 'POST' ? { sessionId: crypto.randomUUID(), authToken: 'a-token' } : []),
    log: () => undefined,
  });
  const body = JSON.stringify({
    livenessOperationMode: 'Passive',
    sendResultsToClient: false,
    enableSessionImage: false,
  });
  const ask = async () => backEnd.request('/sessions', { method: 'POST', body });
  const first = await ask();
  const { sessionId } = (await first.json()) as { sessionId: string };
  vi.advanceTimersByTime(500_000);
  for (let count = 1; count < 1000; count++) expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '100']);

  const ids = { sessionId, resultId: sessionId, clientRequestId: sessionId };
  const report = async () =>
    backEnd.request('/results', {
      method: 'POST',
      headers: { cookie: first.headers.get('set-cookie') ?? '' },
      body: JSON.stringify({ ...ids, attemptId: 1, digest: 'A'.repeat(64) }),
    });
  expect((await report()).status).toBe(200);
  vi.advanceTimersByTime(100_000);
  expect((await ask()).status).toBe(200);
  expect((await report()).status).toBe(404);
  expect((await ask()).status).toBe(429);
});
