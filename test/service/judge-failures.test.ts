/** A judge whose words cannot be used, and a service that fails itself: all of it is in the audit, as it was answered. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { httpJudge } from '../../demo/server/judge/http/http-judge.js';
import { SubmissionRefused, type Judgement } from '../../demo/server/judge/judge.js';
import type { ServiceOptions } from '../../demo/server/service/index.js';
import { createClient, startedSession } from './client.js';
import { startService, type RunningService } from './harness.js';
import { submission } from './submission.js';

const DECISION: Judgement = {
  livenessDecision: 'realface',
  target: { fileName: 'frame-000.jpg', faceRectangle: { top: 1, left: 2, width: 3, height: 4 } },
};

const SECRET = 'a secret of the tests, and long enough';

let service: RunningService;
afterEach(() => service.close());

async function start(options: Partial<ServiceOptions> = {}) {
  service = await startService('SQLite', options);
  const client = createClient(service.url);
  const { sessionId, authToken } = await startedSession(client);
  return {
    sessionId,
    async submit(): Promise<[number, unknown]> {
      const answer = await client.submit(authToken, submission());
      return [answer.status, answer.status === 204 ? null : await answer.json()];
    },
    async audit(): Promise<unknown> {
      return (await client.manage(`/detectLiveness/singleModal/sessions/${sessionId}/audit`)).json();
    },
  };
}

it.each<[string, () => Judgement, number, string]>([
  ['a judgement without a frame', () => ({ ...DECISION, target: undefined }) as never, 503, 'JudgeUnavailable'],
  ['evidence that cannot be written down', () => ({ ...DECISION, evidence: nested(300_000) }), 503, 'JudgeUnavailable'],
  ['a refusal under the name of another', () => refuseAs('SessionNotFound'), 400, 'SessionNotFound'],
])('%s', async (_, judge, status, code) => {
  const { submit, audit } = await start({ judge: { judge: async () => judge() } });
  expect(await submit()).toMatchObject([status, { error: { code } }]);
  expect(await audit()).toMatchObject([{ response: { statusCode: status, body: { error: { code } } } }]);
});

it('a judge that has answered hears no more of the time it had, nor of the end', async () => {
  const signals: AbortSignal[] = [];
  const judge = async (_: unknown, signal: AbortSignal) => {
    signals.push(signal);
    return DECISION;
  };
  const { submit } = await start({ judge: { judge }, limits: { judgeMs: 150 } });
  expect(await submit()).toEqual([204, null]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await service.service.end();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

it('a judge nobody can reach: the log says of which request, and why', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const judge = httpJudge({ url: `http://127.0.0.1:${port}`, secret: SECRET, activeMotion: false, retryAfterMs: [] });
  const { sessionId, submit, audit } = await start({ judge });
  expect(await submit()).toMatchObject([503, { error: { code: 'JudgeUnavailable' } }]);
  const [{ requestId } = { requestId: '' }] = (await audit()) as { requestId: string }[];
  const [line] = service.log.filter(({ event }) => event === 'judge-failed');
  expect(line).toMatchObject({ level: 'error', requestId, sessionId });
  expect(line?.['error']).toBe(`TypeError: fetch failed: Error: connect ECONNREFUSED 127.0.0.1:${port}`);
});

it('a judge that fails for several reasons: all of them are in the log, and no more than a line of it', async () => {
  const cause: Error = new AggregateError([new Error('no IPv6'), new Error('no IPv4')]);
  const error = new Error('outer', { cause });
  const judge = async () => Promise.reject(error);
  const { submit } = await start({ judge: { judge } });
  cause.cause = error;
  await submit();
  const words = service.log.find(({ event }) => event === 'judge-failed')?.['error'];
  expect(words).toMatch(/^Error: outer: AggregateError: Error: no IPv6: Error: no IPv4: Error: outer/);
  expect(String(words).length).toBeLessThanOrEqual(1000);
});

it.each<[string, unknown, string]>([
  ['words', 'out of memory', 'out of memory'],
  ['an object', { code: 'ENOMODEL', message: 'no such file', secret: SECRET }, 'ENOMODEL no such file'],
  ['an object without words', Object.create(null), 'an object'],
  ['null', null, 'null'],
])('a judge that fails for %s, which is no Error: it is in the log all the same', async (_, cause, words) => {
  const thrown = [cause, new Error('outer', { cause })];
  const { submit } = await start({ judge: { judge: async () => Promise.reject(thrown.shift() as Error) } });
  expect(await submit()).toMatchObject([503, { error: { code: 'JudgeUnavailable' } }]);
  expect(await submit()).toMatchObject([503, { error: { code: 'JudgeUnavailable' } }]);
  const lines = service.log.filter(({ event }) => event === 'judge-failed');
  expect(lines.map(({ error }) => error)).toEqual([words, `Error: outer: ${words}`]);
});

it('an attempt the service itself cannot read', async () => {
  const { sessionId, submit, audit } = await start();
  await service.database.updateTable('attempt').set({ directions: 'none' }).execute();
  const error = { code: 'Unspecified', message: 'Internal server error' };
  expect(await submit()).toEqual([500, { error }]);
  expect(await audit()).toMatchObject([{ response: { statusCode: 500, body: { error } } }]);
  expect(service.log).toContainEqual(expect.objectContaining({ level: 'error', event: 'unexpected', sessionId }));
});

function nested(depth: number): Record<string, unknown> {
  let value = {};
  for (let level = 0; level < depth; level++) value = { value };
  return value;
}

function refuseAs(code: string): never {
  throw new SubmissionRefused({ fileName: 'frame-000.jpg', code }, 'as the tests want');
}
