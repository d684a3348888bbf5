/** A clock that was set back, on SQLite, where there is no other clock to compare it with. */
import { Kysely, sql, type CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findSetBack } from '../../demo/server/database/clock.js';
import type { Tables } from '../../demo/server/database/schema.js';
import { sqliteDialect } from '../../demo/server/database/sqlite.js';
import { createClient, createdSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';

const HOUR = 3_600_000;

let running: RunningService;
let client: Client;
let now = 0;
beforeEach(async () => {
  now = Math.ceil(Date.now() / HOUR) * HOUR;
  running = await startService('SQLite', { now: () => now });
  client = createClient(running.url);
});
afterEach(() => running.close());

const reported = async () => {
  running.log.length = 0;
  await running.service.purge();
  return running.log.filter(({ event }) => event === 'clock-set-back').map(({ level, error }) => [level, error]);
};
const error = (seconds: number) => ['error', expect.stringContaining(` is ${seconds} s behind the newest time`)];

it('each purge logs a clock set back by more than 60 s until it is right, and sessions are still created', async () => {
  expect(await reported(), 'nothing is stored yet').toEqual([]);
  await createdSession(client);
  expect(await reported()).toEqual([]);
  now -= 60_000;
  expect(await reported(), 'as clocks may differ').toEqual([]);
  now -= 1_000;
  expect(await reported()).toEqual([error(61)]);
  expect(await reported()).toEqual([error(61)]);
  await createdSession(client);
  now += HOUR;
  expect(await reported()).toEqual([]);
});

it('a purge compares the clock with the minute of the last client request too, when sessions are older', async () => {
  const { authToken } = await createdSession(client, { authTokenTimeToLiveInSeconds: 86_400 });
  now += 10 * HOUR + 59_000;
  expect((await client.start(authToken)).status).toBe(200);
  now -= 5 * HOUR;
  expect(await reported()).toEqual([error(5 * 3600 - 59)]);
});

it('findSetBack reads the newest times from indexes alone', async () => {
  const queries: CompiledQuery[] = [];
  const file = 'file' in running.location ? running.location.file : '';
  const database = new Kysely<Tables>({ dialect: sqliteDialect(file), log: ({ query }) => void queries.push(query) });
  await findSetBack(database, now);
  const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(queries[0]?.sql ?? '')}`.execute(
    database,
  );
  await database.destroy();
  const steps = rows.map(({ detail }) => detail).filter((detail) => /SEARCH|SCAN/.test(detail));
  expect(steps).toEqual([
    'SEARCH session USING COVERING INDEX session_created_at',
    'SEARCH rate_limit USING COVERING INDEX rate_limit_window',
  ]);
});
