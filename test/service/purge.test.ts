/** A purge of many expired sessions deletes them in small parts, so that no request has to wait for it. */
import { readFileSync } from 'node:fs';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { afterEach, expect, it, vi } from 'vitest';
import { postgresDialect } from '../../demo/server/database/postgres.js';
import { purge } from '../../demo/server/database/purge.js';
import type { Database, Tables } from '../../demo/server/database/schema.js';
import { BACKENDS, hasPostgres } from './backends.js';
import { createClient, createdSession, startedSession } from './client.js';
import { startService, type Backend, type RunningService } from './harness.js';
import { form, jpegOf, manifest, submissionParts, type FormPart } from './submission.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

it.each(BACKENDS)(
  'a purge lets requests be answered meanwhile, and ends when it is aborted, on %s',
  async (backend) => {
    const { url, service } = await started(backend, 2000);
    const stop = new AbortController();
    let ended = false;
    const purging = service.purge(stop.signal).finally(() => (ended = true));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(ended).toBe(false);
    stop.abort();
    const first = await purging;
    expect(first).toBeLessThan(2000);
    expect(first + (await service.purge())).toBe(2000);
  },
);

it('a purge on SQLite gives others a turn after one or two sessions', async () => {
  const { service, database } = await started('SQLite', 40);
  const left = async () =>
    (await database.selectFrom('session').select('id').where('created_at', '=', 1).execute()).length;
  const counts = [40];
  for (const purging = service.purge(); counts.at(-1) !== 0; await Promise.race([purging, eventLoopTurn()]))
    counts.push(await left());
  const steps = counts.slice(1).map((count, index) => (counts[index] ?? 0) - count);
  // One session between two counts, or two if the count got only every other turn.
  expect(Math.max(...steps)).toBeLessThanOrEqual(2);
});

it.runIf(hasPostgres)(
  'a purge deletes in smaller parts what PostgreSQL cannot delete together within statementMs',
  async () => {
    const { location, database } = await started('PostgreSQL', 8);
    await slowDeletes(database);
    const impatient = new Kysely<Tables>({
      dialect: postgresDialect('url' in location ? location.url : '', () => undefined, { statementMs: 1_000 }),
    });
    undo.push(() => impatient.destroy());
    const ages = { sessionsBefore: 1, rateLimitsBefore: 0, signingKeysBefore: 0 };
    const deleted: string[] = [];
    expect(await purge(impatient, ages, (id) => deleted.push(id))).toBe(8);
    expect(new Set(deleted).size).toBe(8);
  },
);

it.runIf(hasPostgres).each([
  ['ahead', 49],
  ['behind', -49],
])('a purge deletes nothing when its clock is 49 hours off PostgreSQL’s: %s', async (words, hours) => {
  const service = await startService('PostgreSQL', { now: () => Date.now() });
  undo.push(() => service.close());
  const { sessionId } = await createdSession(createClient(service.url));
  const { now } = Date;
  const clock = vi.spyOn(Date, 'now');
  undo.push(() => clock.mockRestore());
  const setWrong = (seconds: number) => clock.mockImplementation(() => now() + seconds * 1000);
  setWrong(hours * 3600);
  await expect(service.service.purge()).rejects.toThrow(words);
  const left = await service.database.selectFrom('session').select('id').execute();
  expect(left).toEqual([{ id: sessionId }]);
  setWrong(Math.sign(hours) * 30);
  expect(await service.service.purge()).toBe(0);
});

it('a purge leaves nothing of deleted pictures in the files of SQLite', async () => {
  const { url, service, location } = await started('SQLite', 0);
  const client = createClient(url);
  const { sessionId, authToken } = await startedSession(client, { enableSessionImage: true });
  const face = Buffer.from('a face '.repeat(20_000));
  const [text, frame] = submissionParts(manifest(1, 1)) as [FormPart, FormPart];
  const submitted = await client.submit(authToken, form([text, { ...frame, body: jpegOf(face) }]));
  expect(submitted.status).toBe(204);
  const file = 'file' in location ? location.file : '';
  const files = () => Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)));
  expect(files().includes('a face a face')).toBe(true);
  await client.manage(`/detectLiveness/singleModal/sessions/${sessionId}`, { method: 'DELETE' });
  await service.purge();
  expect(files().includes('a face a face')).toBe(false);
});

/** Starts a service with this many sessions that expired long ago. */
async function started(backend: Backend, sessions: number): Promise<RunningService> {
  const service = await startService(backend);
  undo.push(() => service.close());
  const { sessionId } = await createdSession(createClient(service.url));
  const template = await service.database
    .selectFrom('session')
    .selectAll()
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow();
  for (let left = sessions; left > 0; left -= 500) {
    const old = Array.from({ length: Math.min(left, 500) }, () => ({
      ...template,
      id: crypto.randomUUID(),
      created_at: 1,
    }));
    await service.database.insertInto('session').values(old).execute();
  }
  return service;
}

/** Makes each session take 150 ms to delete, as one with many pictures would. */
async function slowDeletes(database: Database): Promise<void> {
  await sql`create function slow() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.15); return old; end $$`.execute(database);
  await sql`create trigger slow before delete on session for each row execute function slow()`.execute(database);
}
