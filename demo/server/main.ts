/**
 * The Node entry: reads the environment, opens the database, and serves the session service and the built pages on one
 * port until it is told to stop; the demo and its back end too, if they are enabled.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Handler } from 'hono';
import { createBackEnd } from './back-end/index.js';
import { buildId, IS_BUILT, requireFiles } from './built-files.js';
import { requireSameTime } from './database/clock.js';
import { openDatabase } from './database/open.js';
import type { Database } from './database/schema.js';
import { localUrl, readEnvironment } from './environment.js';
import { configureJudge, readJudgeSettings } from './judge/configure.js';
import type { Judge } from './judge/judge.js';
import { refuseUnknown } from './known-variables.js';
import { VERSION } from '../../src/version.js';
import { createService, type Service } from './service/index.js';
import type { LogLine } from './service/context.js';
import { staticFiles } from './static-files.js';

/** Milliseconds after which a stop closes all connections, and after which it stops waiting for the judge. */
const STOP_DEADLINE_MS = 10_000;
const STOP_JUDGE_DEADLINE_MS = 8_000;
/** How long after a stop begins a connection that has carried nothing may still bring a request. */
const UNUSED_MS = 1_000;
/** Milliseconds that a stop waits for the reader of the log. */
const LOG_DEADLINE_MS = 1_000;
const PURGE_INTERVAL_MS = 60_000;
/** Milliseconds for a whole request to arrive: a few megabytes over a bad connection. */
const REQUEST_DEADLINE_MS = 120_000;
/**
 * Longer than clients and proxies keep idle connections, so that they close them: if the server did, it could cut off a
 * request that is on its way.
 */
const KEEP_ALIVE_MS = 75_000;

async function main(): Promise<void> {
  refuseUnknown(process.env);
  const environment = readEnvironment(process.env);
  const judgeSettings = readJudgeSettings(process.env);
  if (IS_BUILT) requireFiles(environment.distDirectory, ['element/face-liveness.js', 'demo/operator.html'], 'DIST_DIR');
  const database = await openDatabase(environment.database, (error) =>
    writeLog({ level: 'error', event: 'database-connection', error: error.message }),
  ).catch((error: unknown) => {
    const setting = 'url' in environment.database ? 'DATABASE_URL' : 'DATA_DIR';
    throw new Error(`The database (${setting}) cannot be used: ${messageOf(error)}`, { cause: error });
  });
  await requireSameTime(database);

  const judge = await configureJudge(judgeSettings, {
    database,
    // In the build, the threads' module is next to this one. Run from the sources, a thread needs a module that
    // registers the TypeScript loader.
    thread: new URL(IS_BUILT ? './judge-thread.js' : './judge/default/thread-from-source.mjs', import.meta.url),
    assets: IS_BUILT
      ? join(environment.distDirectory, 'element/liveness-assets')
      : fileURLToPath(new URL('../../public/liveness-assets', import.meta.url)),
    onThreadLost: (error) => writeLog({ level: 'error', event: 'judge-thread-lost', error: error.message }),
  });

  const app = new Hono();
  const { server, connections, port } = await listen(app, environment.host, environment.port);
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
    // Tells the operator page that there is no demo: a 404 would appear in its console, and an empty list would mean
    // that nothing was reported.
    app.get('/demo/api/reports', (c) => c.body(null, 204));
  }
  app.use(...staticFiles(join(environment.distDirectory, 'element')));
  app.use(...staticFiles(join(environment.distDirectory, 'demo'), { '/operator': '/operator.html' }));
  app.all('*', toService);
  const stopPurging = purgeRegularly(service);

  let stopping = false;
  const onSignal = (signal: string): void => {
    // Ctrl-C signals this process directly and once more through `npm start`.
    if (stopping) return;
    stopping = true;
    writeLog({ level: 'info', event: 'stopping', signal });
    void stop({ server, connections, service, stopPurging, judge, database });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  // Printed once the signal handlers are set: a script that waits for this line may stop the service at once.
  const forClients = address === publicUrl ? '' : `, for clients ${publicUrl}/`;
  const withKey = environment.apiKeyFile ? `, with the API key in ${resolve(environment.apiKeyFile)}` : '';
  console.log(`Listening on ${address}/${forClients}${withKey}`);
  writeLog({
    level: 'info',
    event: 'started',
    version: VERSION,
    build: buildId(),
    publicUrl,
    database: 'url' in environment.database ? 'PostgreSQL' : 'SQLite',
    judge: judgeSettings.judge,
  });
}

interface Listening {
  server: Server;
  /** The open ones. */
  connections: ReadonlySet<Socket>;
  port: number;
}

/**
 * Resolves when the server listens. The caller then gives the app its routes without awaiting anything: Hono takes none
 * after the first request.
 */
async function listen(app: Hono, host: string, port: number): Promise<Listening> {
  // HTTP/1.0 probes send no Host header, but a URL needs a host. Nothing depends on it.
  const server = createAdaptorServer({ fetch: app.fetch, hostname: 'localhost' }) as Server;
  server.requestTimeout = REQUEST_DEADLINE_MS;
  // Closes connections without any traffic: a client that never reads its response would otherwise keep one open for
  // ever. A judge takes less time than this.
  server.timeout = REQUEST_DEADLINE_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { server, connections, port: (server.address() as AddressInfo).port };
}

interface Running extends Omit<Listening, 'port'> {
  service: Service;
  stopPurging: () => Promise<void>;
  judge: Judge;
  database: Database;
}

/** Finishes the accepted requests, then closes what they used. */
async function stop({ server, connections, service, stopPurging, judge, database }: Running): Promise<void> {
  service.drain();
  server.close();
  // Idle connections would delay the end.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  // Node does not count those as idle that have carried nothing yet, as browsers open them in advance.
  const unused = setTimeout(() => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  }, UNUSED_MS);
  const judgeDeadline = setTimeout(() => void service.end(), STOP_JUDGE_DEADLINE_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), STOP_DEADLINE_MS);
  await once(server, 'close');
  clearInterval(idle);
  clearTimeout(unused);
  clearTimeout(judgeDeadline);
  clearTimeout(deadline);
  // Waits for requests that are not in the audit yet, although their clients have disconnected.
  await service.end();
  await stopPurging();
  await judge.close?.();
  await database.destroy();
  writeLog({ level: 'info', event: 'stopped' });
  // If nobody reads the log any more, unwritten lines would keep the process alive for ever.
  setTimeout(() => process.exit(), LOG_DEADLINE_MS).unref();
}

/** @returns a function that stops purging and waits for a purge that is in progress */
function purgeRegularly(service: Service): () => Promise<void> {
  const stopped = new AbortController();
  const { signal } = stopped;
  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await service.purge(signal);
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

/** A local page may have been opened under any of these names. */
function loopbackOrigins(port: number): string[] {
  return ['localhost', '127.0.0.1', '[::1]'].map((name) => `http://${name}:${port}`);
}

function writeLog(line: LogLine): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

/** For a host with several addresses, the driver throws one error that contains one per address and has no message. */
function messageOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || String(code);
}

// If the reader of the log goes away, the service keeps running.
process.stdout.on('error', () => undefined);

try {
  await main();
} catch (error) {
  console.error(`The session service cannot start: ${messageOf(error)}`);
  process.exit(1);
}
