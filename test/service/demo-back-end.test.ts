/** The demo's back end where the service answers what it should not. */
import { expect, it } from 'vitest';
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
