/** A database that goes away: restarted, unreachable, silent or full. Only the requests that needed it fail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Kysely, sql } from 'kysely';
import pg from 'pg';
import { afterEach, expect, inject, it } from 'vitest';
import { openDatabase, type DatabaseLocation } from '../../demo/server/database/open.js';
import { postgresDialect } from '../../demo/server/database/postgres.js';
import { DatabaseUnavailable } from '../../demo/server/database/unavailable.js';
import type { FrameFacts } from '../../demo/server/judge/default/analysis.js';
import { rememberAndFindSeen } from '../../demo/server/judge/default/memory.js';
import type { Judge, Submission } from '../../demo/server/judge/judge.js';
import { listen } from '../listen.js';
import { hasPostgres } from './backends.js';
import { createClient, createdSession, startedSession, type Client } from './client.js';
import { createTestDatabase, startService, type RunningService } from './harness.js';
import { startProcess } from './process.js';
import { manifestFrame, submission } from './submission.js';

/** `LOCK_ID` of Kysely's `postgres-adapter`: the advisory lock that a migrating process holds. */
const KYSELY_LOCK = '3853314791062309107';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const urlOf = (location: DatabaseLocation): string => ('url' in location ? location.url : '');

/** A connection of the test's own. */
async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  undo.push(() => client.end());
  return client;
}

async function serving(
  ...options: Parameters<typeof startService>
): Promise<{ service: RunningService; client: Client }> {
  const service = await startService(...options);
  undo.push(() => service.close());
  return { service, client: createClient(service.url) };
}

it.runIf(hasPostgres)(
  'the service answers 503 to requests whose PostgreSQL connection is ended, and goes on',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'service-'));
    undo.push(() => rmSync(directory, { recursive: true }));
    const { location, remove } = await createTestDatabase('PostgreSQL');
    undo.push(remove);
    const service = await startProcess({ location, dataDirectory: directory });
    undo.push(() => service.end('SIGKILL'));
    const client = createClient(service.url);
    const name = new URL(urlOf(location)).pathname.slice(1);
    const admin = await connected(inject('postgresUrl'));

    const answers: Response[] = [];
    let ended = 0;
    for (let round = 0; round < 40 && (ended < 20 || answers.every(({ ok }) => ok)); round++) {
      const creations = Array.from({ length: 20 }, () => client.create());
      const { rows } = await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
        name,
      ]);
      ended += rows.length;
      answers.push(...(await Promise.all(creations)));
    }
    const failed = answers.filter(({ ok }) => !ok);
    expect(failed.length, 'some met it').toBeGreaterThan(0);
    for (const answer of failed) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.headers.get('x-ms-error-code')).toBe('ServiceUnavailable');
    }
    // A pooled connection may notice only now that it was ended.
    await expect.poll(async () => (await client.create()).status, { timeout: 20_000 }).toBe(200);
    expect(await service.end('SIGTERM')).toBe(0);
  },
);

it.runIf(hasPostgres)(
  'queries fail with DatabaseUnavailable while PostgreSQL is silent, and succeed afterwards',
  async () => {
    const { location, remove } = await createTestDatabase('PostgreSQL');
    undo.push(remove);
    const proxy = await startProxy();
    const database = new Kysely<unknown>({
      dialect: postgresDialect(proxy.through(urlOf(location)), () => undefined, {
        connectMs: 1_500,
        statementMs: 300,
      }),
    });
    undo.push(() => database.destroy());
    const ask = () => sql`select 1`.execute(database);
    await ask();
    proxy.silent = true;
    await expect(ask(), 'on an open connection').rejects.toThrow(DatabaseUnavailable);
    await expect(ask(), 'where another is needed').rejects.toThrow(DatabaseUnavailable);
    proxy.silent = false;
    await ask();
  },
);

it.runIf(hasPostgres).each([30, 1])(
  'the service answers 503 when a commit’s answer is lost, and 204 to the retry, audited once; limit: %i',
  async (submissionsPerSession) => {
    const { location, remove } = await createTestDatabase('PostgreSQL');
    undo.push(remove);
    const proxy = await startProxy();
    const judge: Judge = {
      judge: async () => {
        proxy.losesCommit = true;
        return {
          livenessDecision: 'realface',
          target: { fileName: 'frame-000.jpg', faceRectangle: manifestFrame(0).faceRectangle },
        };
      },
    };
    const through = { url: proxy.through(urlOf(location)) };
    const { client } = await serving('PostgreSQL', { judge, limits: { submissionsPerSession } }, through);
    const { sessionId, authToken } = await startedSession(client);
    const [body, headers] = [submission(), { 'client-request-id': crypto.randomUUID() }];
    const refused = await client.submit(authToken, body, headers);
    expect([refused.status, refused.headers.get('x-ms-error-code')]).toEqual([503, 'ServiceUnavailable']);
    expect(proxy.losesCommit, 'it was lost').toBe(false);
    const again = await client.submit(authToken, body, headers);
    expect(again.status).toBe(204);
    expect(await client.audit(sessionId)).toMatchObject([
      { requestId: again.headers.get('apim-request-id'), response: { statusCode: 204 } },
    ]);
  },
);

it.runIf(hasPostgres)(
  'the service answers 503 while the PostgreSQL database is read-only, and 200 as soon as it can be written again',
  async () => {
    const { service, client } = await serving('PostgreSQL');
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(service.database);
    const name = rows[0]?.name ?? '';
    const admin = await connected(inject('postgresUrl'));
    // The setting applies to new connections only, so end the existing ones.
    await admin.query(`alter database ${name} set default_transaction_read_only = on`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    const left = () => admin.query('select pid from pg_stat_activity where datname = $1', [name]);
    await expect.poll(async () => (await left()).rows, { timeout: 20_000 }).toEqual([]);
    const readiness = async () => (await fetch(`${service.url}/readyz`)).status;
    expect(await readiness()).toBe(503);
    const refused = await client.create();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.headers.get('x-ms-error-code')).toBe('ServiceUnavailable');
    await admin.query(`alter database ${name} set default_transaction_read_only = off`);
    expect(await readiness()).toBe(200);
    expect((await client.create()).status).toBe(200);
  },
);

it.runIf(hasPostgres)(
  'openDatabase overrides the database’s own time limits: ten seconds, and none for locks',
  async () => {
    const { location, remove } = await createTestDatabase('PostgreSQL');
    undo.push(remove);
    const admin = await connected(urlOf(location));
    const limits = { statement_timeout: '10s', lock_timeout: '0', idle_in_transaction_session_timeout: '10s' };
    for (const name of Object.keys(limits)) await admin.query(`alter database ${admin.database} set ${name} = 100`);
    const database = await openDatabase(location);
    undo.push(() => database.destroy());
    const shown = Object.keys(limits).map((name) => sql.raw(`current_setting('${name}') as ${name}`));
    expect((await sql`select ${sql.join(shown)}`.execute(database)).rows).toEqual([limits]);
  },
);

it.runIf(hasPostgres)(
  'the service answers 503 when a lock_timeout holds all the same, as behind a pooler',
  async () => {
    const { service, client } = await serving('PostgreSQL');
    const { sessionId, authToken } = await createdSession(client);
    const other = await connected(urlOf(service.location));
    await other.query('begin');
    await other.query('select id from session where id = $1 for update', [sessionId]);
    await sql`set lock_timeout = 100`.execute(service.database);
    const refused = await client.start(authToken);
    expect([refused.status, refused.headers.get('x-ms-error-code')]).toEqual([503, 'ServiceUnavailable']);
    await other.query('rollback');
    expect((await client.start(authToken)).status).toBe(200);
  },
);

it('the service answers 503 while the SQLite file cannot grow, and 200 once there is room again', async () => {
  const { service, client } = await serving('SQLite');
  expect((await client.create()).status).toBe(200);
  await sql`pragma max_page_count = 1`.execute(service.database);
  const statuses = new Set<number>();
  for (let count = 0; count < 40 && !statuses.has(503); count++) {
    const response = await client.create();
    statuses.add(response.status);
    if (!response.ok) expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  }
  expect(statuses).toContain(503);
  await sql`pragma max_page_count = 100000`.execute(service.database);
  expect((await client.create()).status).toBe(200);
});

it('the service answers ServiceUnavailable, not JudgeUnavailable, when a full SQLite file fails the judge', async () => {
  const judge = async ({ sessionId }: Submission): Promise<never> => {
    for (let count = 0; ; count++) {
      const fingerprint = { whole: '0'.repeat(64), face: '0'.repeat(64) };
      const frame = { fileName: 'frame-000.jpg', sha256: String(count), fingerprint } as FrameFacts;
      await rememberAndFindSeen(service.database, { sessionId, attemptId: 1 }, [frame]);
    }
  };
  const { service, client } = await serving('SQLite', { judge: { judge } });
  const { authToken } = await startedSession(client);
  await sql`pragma max_page_count = 1`.execute(service.database);
  const refused = await client.submit(authToken, submission());
  expect([refused.status, refused.headers.get('x-ms-error-code')]).toEqual([503, 'ServiceUnavailable']);
  const events = service.log.filter(({ level }) => level === 'error').map(({ event }) => event);
  expect(events).toEqual(['database-unavailable']);
});

it.runIf(hasPostgres)(
  'the service answers 503 when the PostgreSQL database is dropped, and when it is empty',
  async () => {
    const { service, client } = await serving('PostgreSQL');
    const name = new URL(urlOf(service.location)).pathname.slice(1);
    const admin = await connected(inject('postgresUrl'));
    await admin.query(`drop database ${name} with (force)`);
    // The first queries may fail with another error, on connections that notice only now that they were ended.
    const answers = [];
    for (let count = 0; count < 3; count++) answers.push(await client.create());
    await admin.query(`create database ${name}`);
    answers.push(await client.create());
    for (const { status, headers } of answers) {
      expect([status, headers.get('x-ms-error-code')]).toEqual([503, 'ServiceUnavailable']);
    }
  },
);

it('a query fails with DatabaseUnavailable when nobody listens at the database’s address', async () => {
  const database = new Kysely<unknown>({
    dialect: postgresDialect('postgres://nobody@127.0.0.1:1/none', () => undefined),
  });
  undo.push(() => database.destroy());
  await expect(sql`select 1`.execute(database)).rejects.toThrow(DatabaseUnavailable);
});

it.runIf(hasPostgres)(
  'openDatabase waits longer for another migration than statementMs, which later statements keep to',
  async () => {
    const { location, remove } = await createTestDatabase('PostgreSQL');
    undo.push(remove);
    const other = await connected(urlOf(location));
    await other.query(`alter database ${other.database} set statement_timeout = 300`);
    await other.query(`select pg_advisory_lock(${KYSELY_LOCK})`);
    let released = false;
    setTimeout(() => {
      released = true;
      void other.query(`select pg_advisory_unlock(${KYSELY_LOCK})`);
    }, 3000);
    const database = await openDatabase(location, undefined, { statementMs: 1000 });
    undo.push(() => database.destroy());
    expect(released).toBe(true);
    await database.selectFrom('session').selectAll().execute();
    await expect(sql`select pg_sleep(3)`.execute(database)).rejects.toThrow('statement timeout');
  },
);

it.runIf(hasPostgres)(
  'openDatabase fails with a lock timeout when others hold a table that its migration needs',
  async () => {
    const { location, remove } = await createTestDatabase('PostgreSQL');
    undo.push(remove);
    const database = await openDatabase(location);
    // Undo the last migration, whose indexes can be created only while nobody writes to the table.
    await sql`drop index session_by_kind, session_by_device`.execute(database);
    await sql`delete from kysely_migration where name = '005-session-lists'`.execute(database);
    await database.destroy();
    const other = await connected(urlOf(location));
    await other.query('begin; lock table session in row exclusive mode');
    await expect(openDatabase(location, undefined, { statementMs: 1000 })).rejects.toThrow('lock timeout');
  },
);

it('openDatabase waits longer for a locked SQLite file than the busy_timeout of later statements', async () => {
  const { location, remove } = await createTestDatabase('SQLite');
  undo.push(remove);
  await (await openDatabase(location)).destroy();
  // In a thread of its own, because waiting for SQLite's lock blocks this one.
  const other = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
    // With a timeout: the earlier connection closes when its statements are collected, and locks the file for that.
    const database = new (require('libsql'))(workerData, { timeout: 5000 });
    database.exec('begin immediate');
    parentPort.postMessage('migrating');
    setTimeout(() => database.exec('commit'), 6500);`,
    { eval: true, workerData: 'file' in location ? location.file : '' },
  );
  undo.push(() => other.terminate());
  await once(other, 'message');
  const database = await openDatabase(location);
  undo.push(() => database.destroy());
  const { rows } = await sql`pragma busy_timeout`.execute(database);
  expect(rows).toEqual([{ timeout: 5000 }]);
});

/**
 * A proxy between the driver and PostgreSQL. While `silent`, it drops everything it receives. If `losesCommit` is set,
 * it cuts the connection instead of passing on the server's next answer to a COMMIT.
 */
async function startProxy() {
  const upstream = new URL(inject('postgresUrl'));
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(upstream.port), upstream.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (proxy.losesCommit && from === far && chunk.includes('COMMIT')) {
          proxy.losesCommit = false;
          far.destroy();
        } else if (!proxy.silent) to.write(chunk);
      });
      from.on('close', () => to.destroy());
      from.on('error', () => undefined);
    }
  });
  const port = await listen(server);
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const proxy = {
    silent: false,
    losesCommit: false,
    through: (url: string) => {
      const address = new URL(url);
      address.port = String(port);
      return address.href;
    },
  };
  return proxy;
}
