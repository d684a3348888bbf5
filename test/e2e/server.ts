/** Starts the built server in its own process, on a free port, with its own data. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whenLeaving } from '../../scripts/leaving.js';
import { originIn, startChild } from '../child.js';

export interface ServerOptions {
  /** May override `PORT`, `DATA_DIR`, `LIVENESS_API_KEYS`, `LIVENESS_JUDGE` (none) and `LIVENESS_DEMO` (on). */
  environment?: Record<string, string>;
  /** `stop()` keeps this folder; without it, the server uses a temporary one that `stop()` removes. */
  dataDirectory?: string;
}

export interface RunningServer {
  /** Origin, without a trailing slash. */
  url: string;
  apiKey: string;
  dataDirectory: string;
  /** Everything it has printed so far. */
  output(): string;
  /** Stops it as a service manager would. @returns the exit code; null if it had to be killed. */
  stop(): Promise<number | null>;
}

/** @throws Error with the server's output if it does not come up in time. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const apiKey = randomUUID();
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'face-liveness-'));
  const remove = (): void => {
    if (!options.dataDirectory) rmSync(dataDirectory, { recursive: true, force: true });
  };
  const starting = startChild(process.execPath, ['--enable-source-maps', 'dist/server/main.js'], {
    // No other variables are passed on: the shell may have the address of a real database set.
    environment: {
      PATH: process.env['PATH'],
      PORT: '0',
      LIVENESS_JUDGE: 'none',
      LIVENESS_DEMO: 'on',
      DATA_DIR: dataDirectory,
      LIVENESS_API_KEYS: apiKey,
      ...options.environment,
    },
    ready: originIn,
  });
  // Registered after `startChild`'s handler, which ends the child: a child still running would create its folder again.
  const takeBack = whenLeaving(remove);
  const cleanUp = (): void => {
    takeBack();
    remove();
  };
  const [child, url] = await starting.catch((error: unknown) => {
    cleanUp();
    throw error;
  });
  return {
    url,
    apiKey: options.environment?.LIVENESS_API_KEYS ?? apiKey,
    dataDirectory,
    output: child.output,
    async stop() {
      const code = await child.end();
      cleanUp();
      return code;
    },
  };
}
