/** Several processes that share one database, and one that is told to stop. */
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseLocation } from '../../demo/server/database/open.js';
import { noJudge } from '../../demo/server/judge/none.js';
import { DEFAULT_LIMITS } from '../../demo/server/service/limits.js';
import { listen } from '../listen.js';
import { BACKENDS, hasPostgres } from './backends.js';
import { createClient, createdSession, startedSession, type Client } from './client.js';
import { createTestDatabase, startService, type TestDatabase } from './harness.js';
import { startProcess, type ServiceProcess } from './process.js';
import { submission } from './submission.js';

const PUBLIC_URL = 'https://liveness.example';
/** Window in which a device's attempts are counted. */
const WINDOW_MS = DEFAULT_LIMITS.deviceAttempts.seconds * 1_000;

/** For `node --import`: makes a process fail if it loads SQLite's code. */
const WITHOUT_SQLITE = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  const resolve = (specifier, context, next) => {
    if (specifier === 'libsql') throw new Error('It loads SQLite');
    return next(specifier, context);
  };
  register('data:text/javascript,' + encodeURIComponent('export const resolve = ' + resolve));
`)}`;

it.runIf(hasPostgres)('a process on PostgreSQL does not load SQLite', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'service-'));
  const { location, remove } = await createTestDatabase('PostgreSQL');
  const start = (at: DatabaseLocation) =>
    startProcess({
      location: at,
      dataDirectory: directory,
      environment: { NODE_OPTIONS: `--import=${WITHOUT_SQLITE}` },
    });
  try {
    await expect(start({ file: '' })).rejects.toThrow('It loads SQLite');
    expect(await (await start(location)).end('SIGTERM')).toBe(0);
  } finally {
    await remove();
    rmSync(directory, { recursive: true });
  }
});

/** For `node --import`: a clock that is 49 hours ahead. */
const AHEAD = `data:text/javascript,${encodeURIComponent(`
  const { now } = Date;
  Date.now = () => now() + 49 * 3_600_000;
`)}`;

it.runIf(hasPostgres)(
  'a process whose clock is 49 hours ahead of PostgreSQL’s does not start, and deletes nothing',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'service-'));
    const { location, remove } = await createTestDatabase('PostgreSQL');
    const running = await startProcess({ location, dataDirectory: directory });
    try {
      const client = createClient(running.url);
      const { sessionId } = await createdSession(client);
      const environment = { NODE_OPTIONS: `--import=${AHEAD}` };
      await expect(startProcess({ location, dataDirectory: directory, environment })).rejects.toThrow(
        /cannot start: The clock of this machine is \d+ s ahead of that of PostgreSQL/,
      );
      expect((await client.manage(`/detectLiveness/singleModal/sessions/${sessionId}`)).status).toBe(200);
    } finally {
      await running.end('SIGTERM');
      await remove();
      rmSync(directory, { recursive: true });
    }
  },
);

describe.each(BACKENDS)('several processes on %s', (backend) => {
  let directory: string;
  let database: TestDatabase;
  const begun: Promise<ServiceProcess>[] = [];
  let processes: ServiceProcess[];
  let clients: Client[];
  const start = (environment: Record<string, string> = {}) => {
    const starting = startProcess({
      location: database.location,
      dataDirectory: directory,
      environment: { LIVENESS_PUBLIC_URL: PUBLIC_URL, ...environment },
    });
    begun.push(starting);
    return starting;
  };
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'service-'));
    database = await createTestDatabase(backend);
    // Both start at once on an empty database: only one can migrate it, and both must find it migrated.
    processes = await Promise.all([start(), start()]);
    clients = processes.map(({ url }) => createClient(url));
  });
  afterAll(async () => {
    // Ends every process that came up, even if another did not or a test failed.
    const up = (await Promise.allSettled(begun)).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const codes = await Promise.all(up.map(({ end }) => end('SIGTERM')));
    await database.remove();
    rmSync(directory, { recursive: true });
    expect(codes).toEqual(up.map(() => 0));
  });
  const on = (index: number): Client => clients[index % clients.length] as Client;

  it('accept the tokens of each other', async () => {
    const { authToken } = await startedSession(on(0));
    expect((await on(1).submit(authToken, submission())).status).toBe(204);
  });

  it('share the count of a session’s attempts', async () => {
    const { authToken } = await createdSession(on(0));
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => on(index).start(authToken)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, ...Array<number>(9).fill(403)]);
    const started = await Promise.all(answers.filter(({ ok }) => ok).map((answer) => answer.json()));
    expect(started.map(({ attemptId }: { attemptId: number }) => attemptId).sort()).toEqual([1, 2, 3]);
  });

  it('decide an attempt once for concurrent submissions, and audit every call', async () => {
    const { sessionId, authToken } = await startedSession(on(0));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => on(index).submit(authToken, submission())),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(7).fill(409)]);
    const entries = await on(1).audit(sessionId);
    expect(entries.map(({ id }) => id)).toEqual(Array.from({ length: 8 }, (_, index) => index + 1));
    const answered = answers.map(({ headers }) => headers.get('apim-request-id'));
    expect(entries.map(({ requestId }) => requestId).sort()).toEqual(answered.sort());
  });

  it('give concurrent repetitions of one call the same answer', async () => {
    const { authToken } = await startedSession(on(0));
    const body = submission();
    const headers = { 'client-request-id': 'repeated' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => on(index).submit(authToken, body, headers)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(new Set(answers.map((answer) => answer.headers.get('apim-request-id'))).size).toBe(1);
  });

  it('share an attempt: one opens it, another reads it, and a third gives its judge the head turns of the first', async () => {
    const { sessionId, authToken } = await createdSession(on(0), { livenessOperationMode: 'PassiveActive' });
    const started = (await (await on(0).start(authToken)).json()) as { activeMotion: { directions: string[] } };
    expect(started.activeMotion.directions).toHaveLength(3);
    const other = createClient(processes[1]?.url ?? '', 'v1.2');
    const session = await other.manage(`/detectLiveness-sessions/${sessionId}`);
    expect(await session.json()).toMatchObject({ status: 'Running', results: { attempts: [{ attemptId: 1 }] } });
    const challenges: string[][] = [];
    // A service in this process, which can have a judge; the other processes have none.
    const third = await startService(
      backend,
      {
        publicUrl: PUBLIC_URL,
        drawDirections: () => [],
        judge: {
          judge: (given, signal) => {
            challenges.push(given.challenge);
            return noJudge.judge(given, signal);
          },
        },
      },
      backend === 'SQLite' ? { file: join(directory, 'liveness.db') } : database.location,
    );
    const { status } = await createClient(third.url).submit(authToken, submission());
    await third.close();
    expect([status, challenges]).toEqual([204, [started.activeMotion.directions]]);
  });

  it('share the count of a device’s starts', async () => {
    // Windows of ten minutes follow the clock: if the current one ends within 10 s, wait for the next.
    const leftMs = WINDOW_MS - (Date.now() % WINDOW_MS);
    if (leftMs < 10_000) await pause(leftMs);
    const content = { deviceCorrelationId: 'hammered' };
    const tokens = await Promise.all(
      Array.from({ length: 14 }, async () => (await createdSession(on(0), content)).authToken),
    );
    const starts = tokens.flatMap((token) => [token, token, token]);
    const answers = await Promise.all(starts.map((token, index) => on(index).start(token)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
    expect(refused).toHaveLength(12);
    const seconds = Number(refused[0]?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(600);
  });

  it('answer 404 for a session that another process has deleted', async () => {
    const { sessionId, authToken } = await startedSession(on(0));
    expect((await on(1).manage(`/detectLiveness/singleModal/sessions/${sessionId}`, { method: 'DELETE' })).status).toBe(
      200,
    );
    expect((await on(0).submit(authToken, submission())).status).toBe(404);
  });

  it('audit a submission with 503 on SIGTERM while the judge has it, though its client is gone', async () => {
    const { sessionId, authToken } = await startedSession(on(0));
    const judge = createServer();
    const asked = once(judge, 'request');
    const port = await listen(judge);
    const third = await start({
      LIVENESS_JUDGE: 'http',
      LIVENESS_JUDGE_URL: `http://127.0.0.1:${port}`,
      LIVENESS_JUDGE_SECRET: 'a secret of the tests, long enough',
    });
    const { contentType, bytes } = submission();
    const call = request(`${third.url}/face/v1.2-preview.1/detectLiveness/singleModal`, {
      method: 'POST',
      headers: { authorization: `Bearer ${authToken}`, 'content-type': contentType },
    });
    const gone = new Promise((resolve) => call.end(bytes).on('error', resolve));
    await asked;
    call.destroy(new Error('The connection broke'));
    await gone;
    expect(await third.end('SIGTERM')).toBe(0);
    judge.closeAllConnections();
    judge.close();
    expect(await on(0).audit(sessionId)).toMatchObject([{ response: { statusCode: 503 } }]);
  });

  it('on SIGTERM close a connection that has carried nothing, finish a submission that is still arriving, and exit', async () => {
    const { sessionId, authToken } = await startedSession(on(0));
    const third = await start();
    const { contentType, bytes } = submission(1, 2, 100_000);
    const { hostname, port } = new URL(third.url);
    const unused = connect(Number(port), hostname).resume();
    await once(unused, 'connect');
    const upload = request({
      host: hostname,
      port,
      method: 'POST',
      path: '/face/v1.2-preview.1/detectLiveness/singleModal',
      headers: {
        authorization: `Bearer ${authToken}`,
        'content-type': contentType,
        'content-length': bytes.length,
        expect: '100-continue',
      },
    });
    const status = new Promise<number | undefined>((resolve, reject) => {
      upload.on('error', reject);
      upload.on('response', (response) => resolve(response.resume().statusCode));
    });
    upload.write(bytes.subarray(0, 50_000));
    await once(upload, 'continue');
    const ended = third.end('SIGTERM');
    const isReachable = () =>
      fetch(`${third.url}/healthz`).then(
        (answer) => answer.arrayBuffer().then(() => true),
        () => false,
      );
    await expect.poll(isReachable, { timeout: 10_000 }).toBe(false);
    if (!unused.closed) await once(unused, 'close');
    upload.end(bytes.subarray(50_000));
    expect(await status).toBe(204);
    expect(await ended).toBe(0);
    const read = await on(0).manage(`/detectLiveness/singleModal/sessions/${sessionId}`);
    expect(await read.json()).toMatchObject({ status: 'ResultAvailable' });
  });
});
