/** More submissions than the judge can take: each is answered and audited, and none is lost. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PoolBusy, ThreadPool } from '../../demo/server/judge/default/pool.js';
import { startedSession } from '../service/client.js';
import { openCourt, truthfulSubmission, type Court } from './court.js';
import { portrait } from './pictures.js';

let court: Court;
beforeAll(async () => {
  court = await openCourt({ threads: 1, queue: 2 });
  await court.judge.ready();
});
afterAll(() => court.close());

it('the service answers 503 JudgeBusy beyond the judge’s queue, audits every call, and accepts each again later', async () => {
  const submission = await truthfulSubmission([portrait(), portrait('franck_02159.jpg'), portrait('franck_04000.jpg')]);
  const sessions = await Promise.all(Array.from({ length: 8 }, () => startedSession(court.client)));
  const post = async ({ sessionId, authToken }: (typeof sessions)[number]) => {
    const response = await court.client.submit(authToken, submission);
    const code = response.status === 204 ? null : ((await response.json()) as { error: { code: string } }).error.code;
    return { sessionId, authToken, status: response.status, code, retryAfter: response.headers.get('retry-after') };
  };
  const answers = await Promise.all(sessions.map(post));
  const taken = answers.filter(({ status }) => status === 204);
  const refused = answers.filter(({ status }) => status === 503);
  expect(taken.length + refused.length).toBe(8);
  // One is judged while two wait; more are taken if one is finished before the last arrives.
  expect(taken.length).toBeGreaterThanOrEqual(3);
  expect(refused.length).toBeGreaterThanOrEqual(1);
  for (const { code, retryAfter } of refused) {
    expect(code).toBe('JudgeBusy');
    expect(retryAfter).toMatch(/^([1-9]|1\d|20)$/);
  }

  for (const session of refused) expect((await post(session)).status).toBe(204);
  for (const { sessionId, status } of answers) {
    const entries = await court.client.audit(sessionId);
    const expected = status === 204 ? [[1, 204]] : [[1, 503], [2, 204]]; // prettier-ignore
    expect(entries.map(({ id, response }) => [id, response.statusCode])).toEqual(expected);
  }
  expect(court.lost).toEqual([]);
});

it('tells whoever is refused, in whole seconds, when their turn comes', async () => {
  const submission = await truthfulSubmission([portrait()]);
  vi.spyOn(ThreadPool.prototype, 'run').mockRejectedValueOnce(new PoolBusy(12_300));
  const { authToken } = await startedSession(court.client);
  const { status, headers } = await court.client.submit(authToken, submission);
  expect([status, headers.get('retry-after')]).toEqual([503, '13']);
});
