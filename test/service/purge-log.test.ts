/** What a purge logs: what it deleted, and what it could not delete. */
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { afterEach, expect, it } from 'vitest';
import { BACKENDS } from './backends.js';
import { createClient, createdSession } from './client.js';
import { startService, type Backend } from './harness.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

it.each(BACKENDS)('a purge logs one line with the id of each expired session, on %s', async (backend) => {
  const { ids, service, purged, log } = await expired(backend, 3);
  expect(await service.purge()).toBe(3);
  expect(purged().sort()).toEqual(ids.sort());
  await service.purge();
  expect(purged()).toHaveLength(3);
  expect(log.filter(({ level }) => level === 'error')).toEqual([]);
});

it('purges log write-ahead-log-kept from the third on while another program reads the SQLite file', async () => {
  const { ids, service, purged, database, location, log } = await expired('SQLite', 2);
  const file = 'file' in location ? location.file : '';
  const other = new Libsql(file);
  undo.push(() => other.close());
  const read = () => other.exec('begin; select id from session');
  read();
  // Longer than a test may take: the purge must not wait as long as statements may.
  await sql`pragma busy_timeout = 120000`.execute(database);
  const timeout = async () => (await sql`pragma busy_timeout`.execute(database)).rows;
  const errors = () => log.filter(({ level }) => level === 'error');
  const kept = { event: 'write-ahead-log-kept', error: expect.stringContaining('Another program is using') };
  expect(await service.purge()).toBe(2);
  expect(purged().sort(), 'deleted all the same').toEqual(ids.sort());
  expect(readFileSync(`${file}-wal`).length).toBeGreaterThan(0);
  expect(await timeout()).toEqual([{ timeout: 5000 }]);
  await service.purge();
  expect(errors()).toEqual([]);
  await service.purge();
  expect(errors()).toMatchObject([kept]);
  await service.purge();
  expect(errors()).toMatchObject([kept, kept]);
  other.exec('commit');
  await service.purge();
  expect(readFileSync(`${file}-wal`)).toHaveLength(0);
  expect(await timeout()).toEqual([{ timeout: 5000 }]);
  // A new entry in the write-ahead log, with a reader that keeps it during two purges.
  await sql`pragma user_version = 1`.execute(database);
  read();
  await service.purge();
  await service.purge();
  other.exec('commit');
  expect(errors(), 'counted anew').toHaveLength(2);
});

/** A service with this many sessions that are older than their 48 hours. */
async function expired(backend: Backend, sessions: number) {
  let now = Date.now();
  const running = await startService(backend, { now: () => now });
  undo.push(() => running.close());
  const client = createClient(running.url);
  const ids: string[] = [];
  for (let left = sessions; left > 0; left--) ids.push((await createdSession(client)).sessionId);
  now += 48 * 3_600_000;
  const purged = () => running.log.filter(({ event }) => event === 'purged').map(({ sessionId }) => sessionId);
  return { ...running, ids, purged };
}
