/**
 * The Node entry: reads the environment, opens the database, and serves the session service and the built pages on one
 * port until it is told to stop; the demo and its back end too, where they are asked for.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Handler } from 'hono';
import { createBackEnd } from './back-end/index.js';
import { IS_BUILT, requireFiles } from './built-files.js';
import { requireSameTime } from './database/clock.js';
import { openDatabase } from './database/open.js';
import { localUrl, readEnvironment } from './environment.js';
import { configureJudge, readJudgeSettings } from './judge/configure.js';
import { VERSION } from '../../src/version.js';
import { createService, type Service } from './service/index.js';
import type { LogLine } from './service/context.js';
import { staticFiles } from './static-files.js';

/** Milliseconds a stop waits for requests that were accepted, and for a judge, who would take longer. */
const STOP_DEADLINE_MS = 10_000;
const STOP_JUDGE_DEADLINE_MS = 8_000;
const PURGE_INTERVAL_MS = 60_000;
/** Milliseconds for a whole request to arrive: a few megabytes over a bad connection. */
const REQUEST_DEADLINE_MS = 120_000;
/** Longer than clients and proxies keep a connection, so that it is theirs to close: ours would cut off a request on its way. */
const KEEP_ALIVE_MS = 75_000;

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  if (IS_BUILT) requireFiles(environment.distDirectory, ['element/face-liveness.js', 'demo/operator.html'], 'DIST_DIR');
  const database = await openDatabase(environment.database, (error) =>
    writeLog({ level: 'error', event: 'database-connection', error: error.message }),
  ).catch((error: unknown) => {
    const setting = 'url' in environment.database ? 'DATABASE_URL' : 'DATA_DIR';
    throw new Error(`The database (${setting}) cannot be used: ${messageOf(error)}`, { cause: error });
  });
  await requireSameTime(database);

  const settings = readJudgeSettings(process.env);
  const judge = await configureJudge(settings, {
    database,
    // Built, the threads' module lies beside this one; out of the sources it brings its own loader.
    thread: new URL(IS_BUILT ? './judge-thread.js' : './judge/default/thread-from-source.mjs', import.meta.url),
    assets: IS_BUILT
      ? join(environment.distDirectory, 'element/liveness-assets')
      : fileURLToPath(new URL('../../public/liveness-assets', import.meta.url)),
    onThreadLost: (error) => writeLog({ level: 'error', event: 'judge-thread-lost', error: error.message }),
  });

  const app = new Hono();
  // Probes of HTTP/1.0 name no host: nothing goes by it, and a URL has to have one.
  const server = createAdaptorServer({ fetch: app.fetch, hostname: 'localhost' }) as Server;
  server.requestTimeout = REQUEST_DEADLINE_MS;
  // Without bytes either way: whoever does not read the answer would keep its connection for ever. A judge takes less.
  server.timeout = REQUEST_DEADLINE_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(environment.port, environment.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = localUrl(environment.host, port);
  const publicUrl = environment.publicUrl ?? address;

  const service = createService({
    database,
    publicUrl,
    judge,
    smile: environment.smile,
    apiKeys: environment.apiKeys,
    allowedOrigins: [...environment.allowedOrigins, ...(environment.publicUrl ? [] : loopbackOrigins(port))],
    log: writeLog,
  });
  const toService: Handler = (c) => service.fetch(c.req.raw);
  if (environment.demo) {
    const backEnd = createBackEnd({
      serviceUrl: address,
      isSecure: publicUrl.startsWith('https:'),
      apiKey: environment.apiKeys[0],
      fetch: (input, init) => service.fetch(new Request(input, init)),
      log: writeLog,
    });
    app.route('/demo/api', backEnd);
  } else {
    app.on('GET', ['/', '/index.html'], toService);
    // By which the operator page knows: a 404 would stand in its console, and none reported would be an empty list.
    app.get('/demo/api/reports', (c) => c.body(null, 204));
  }
  app.use(...staticFiles(join(environment.distDirectory, 'element')));
  app.use(...staticFiles(join(environment.distDirectory, 'demo'), { '/operator': '/operator.html' }));
  app.all('*', toService);
  const stopPurging = purgeRegularly(service);

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    // Ctrl-C reaches this process and, through `npm start`, once more.
    if (stopping) return;
    stopping = true;
    writeLog({ level: 'info', event: 'stopping', signal });
    service.drain();
    server.close();
    // A connection that is kept alive after its last answer would hold up the end.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const judgeDeadline = setTimeout(() => void service.end(), STOP_JUDGE_DEADLINE_MS);
    const deadline = setTimeout(() => server.closeAllConnections(), STOP_DEADLINE_MS);
    await once(server, 'close');
    clearInterval(idle);
    clearTimeout(judgeDeadline);
    clearTimeout(deadline);
    // A connection may be gone before what it brought is in the audit.
    await service.end();
    await stopPurging();
    await judge.close?.();
    await database.destroy();
    writeLog({ level: 'info', event: 'stopped' });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));

  // Last: whoever waits for this may stop the service at once.
  const forClients = address === publicUrl ? '' : `, for clients ${publicUrl}/`;
  const withKey = environment.apiKeyFile ? `, with the API key in ${resolve(environment.apiKeyFile)}` : '';
  console.log(`Listening on ${address}/${forClients}${withKey}`);
  writeLog({
    level: 'info',
    event: 'started',
    version: VERSION,
    publicUrl,
    database: 'url' in environment.database ? 'PostgreSQL' : 'SQLite',
    judge: settings.judge,
  });
}

/** @returns a function that stops it, and waits for a purge that is under way */
function purgeRegularly(service: Service): () => Promise<void> {
  const stopped = new AbortController();
  const { signal } = stopped;
  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const sessions = await service.purge(signal);
        if (sessions > 0) writeLog({ level: 'info', event: 'purged', sessions });
      } catch (error) {
        writeLog({ level: 'error', event: 'purge-failed', error: String(error) });
      }
      await wait(PURGE_INTERVAL_MS, null, { signal }).catch(() => null);
    }
  }
  const done = run();
  return () => {
    stopped.abort();
    return done;
  };
}

/** The page may have been opened under any of these. */
function loopbackOrigins(port: number): string[] {
  return ['localhost', '127.0.0.1', '[::1]'].map((name) => `http://${name}:${port}`);
}

function writeLog(line: LogLine): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

/** Of an address with two connections the driver reports two errors and no message. */
function messageOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || String(code);
}

// Whoever read the log may go away; the service stays.
process.stdout.on('error', () => undefined);

try {
  await main();
} catch (error) {
  console.error(`The session service cannot start: ${messageOf(error)}`);
  process.exit(1);
}
