/**
 * `npm start`: builds what changed, then serves the demo, its back end and the session service on one port.
 * package.json starts this with `exec`, so that signals sent to npm's shell arrive here; the command after `||` is for
 * Windows, which has no `exec`.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { SERVED, buildChanged } from './build.js';

// Treats an empty variable as unset.
const port = Number(process.env.PORT || 8080);
const host = process.env.HOST || '127.0.0.1';

/** @returns why the service could not listen on the port; null if it can. Checked first, so that no build is wasted. */
function listenError(): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

if (!Number.isInteger(port) || port < 0 || port > 65535)
  stop(`PORT has to be a number up to 65535, not "${process.env.PORT}".`);
const refused = await listenError();
if (refused?.code === 'EADDRINUSE') stop(`Port ${port} is taken. Choose another one: PORT=8081 npm start`);
if (refused) stop(`Cannot listen on ${host}:${port}: ${refused.message}`);

try {
  const built = await buildChanged(SERVED);
  if (built.length > 0) console.log(`Built ${built.join(', ')}.`);
} catch (error) {
  stop((error as Error).message);
}

/**
 * Size of libuv's thread pool. Each thread of the judge occupies one of its threads while decoding a picture; at least
 * four are left for requests, whose tokens are signed and bodies hashed there. Set here, because a running process
 * cannot change the size.
 */
const threads = (Number(process.env.LIVENESS_JUDGE_THREADS) || availableParallelism()) + 4;

const server = spawn(process.execPath, ['--enable-source-maps', 'dist/server/main.js'], {
  env: {
    ...process.env,
    LIVENESS_DEMO: process.env.LIVENESS_DEMO || 'on',
    UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE || `${threads}`,
  },
  stdio: 'inherit',
});
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Ctrl-C also reaches the server directly, and this process a second time through npm.
    if (!stopping) server.kill(signal);
    stopping = true;
  });
}
// A second signal may kill the server in the last step of its shutdown, which also counts as stopped on request.
server.once('exit', (status) => process.exit(status ?? (stopping ? 0 : 1)));
