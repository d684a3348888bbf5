/** The health and readiness probes: what they answer, and what is logged while the service is not ready. */
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { noJudge } from '../../demo/server/judge/none.js';
import type { ServiceOptions } from '../../demo/server/service/index.js';
import { BACKENDS, hasPostgres } from './backends.js';
import { startService, type Backend } from './harness.js';

async function started(backend: Backend, options: Partial<ServiceOptions> = {}) {
  const service = await startService(backend, options);
  onTestFinished(() => service.close());
  return service;
}

/** Status and text of `/healthz` and `/readyz`. */
async function probe(url: string): Promise<[number, string][]> {
  const answers = await Promise.all(['/healthz', '/readyz'].map((path) => fetch(url + path)));
  return Promise.all(answers.map(async (answer): Promise<[number, string]> => [answer.status, await answer.text()]));
}

const HEALTHY = [200, 'ok'];
const READY = [HEALTHY, [200, 'ready']];
const requestFor = (notReady: string) => ({
  event: 'request',
  path: '/readyz',
  status: 503,
  notReady,
  requestId: expect.any(String),
});

it('the service is ready until it drains, and healthy even then', async () => {
  const { url, service, log } = await started('SQLite');
  expect(await probe(url)).toEqual(READY);
  expect(log).toEqual([]);
  service.drain();
  expect(await probe(url)).toEqual([HEALTHY, [503, 'stopping']]);
  expect(log).toEqual([expect.objectContaining(requestFor('stopping'))]);
});

it.each([
  ['has started', () => undefined],
  ['has failed to start', () => Promise.reject(new Error('no model'))],
])('the service is not ready until its judge %s', async (_, outcome) => {
  let end = (): void => undefined;
  const ready = new Promise<void>((resolve) => (end = resolve)).then(outcome);
  const { url, log } = await started('SQLite', { judge: { ...noJudge, ready: () => ready } });
  expect(await probe(url)).toEqual([HEALTHY, [503, 'judge']]);
  expect(log).toEqual([expect.objectContaining(requestFor('judge'))]);
  end();
  expect(await probe(url)).toEqual(READY);
});

it.each(BACKENDS)('the service is healthy but not ready without its database, on %s', async (backend) => {
  const { url, database, log } = await started(backend);
  await database.destroy();
  expect(await probe(url)).toEqual([HEALTHY, [503, 'database']]);
  const [failure, request] = log;
  expect(failure).toMatchObject({ level: 'error', error: expect.stringContaining('destroyed') });
  expect(request).toMatchObject(requestFor('database'));
  expect(request?.['requestId']).toBe(failure?.['requestId']);
});

it.runIf(hasPostgres)('the service is healthy but not ready while PostgreSQL does not answer', async () => {
  const { url, database, log } = await started('PostgreSQL');
  await database.transaction().execute(async (transaction) => {
    await sql`lock table signing_key in access exclusive mode`.execute(transaction);
    expect(await probe(url)).toEqual([HEALTHY, [503, 'database']]);
  });
  expect(log).toMatchObject([{ level: 'error', event: 'database-unavailable' }, requestFor('database')]);
  expect(await probe(url)).toEqual(READY);
});
