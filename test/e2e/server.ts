/** Starts the built server as a process of its own, on a free port and with data of its own. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whenLeaving } from '../../scripts/leaving.js';
import { originIn, startChild } from '../child.js';

export interface ServerOptions {
  /** On top of `PORT`, `DATA_DIR`, `LIVENESS_API_KEYS`, `LIVENESS_JUDGE` (none) and `LIVENESS_DEMO` (on), which can be overridden. */
  environment?: Record<string, string>;
  /** Kept by `stop()`; without it there is a temporary one. */
  dataDirectory?: string;
}

export interface RunningServer {
  /** Origin, without a slash at the end. */
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
    // Nothing else of ours: a shell may hold the address of a real database.
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
  // After the child's own, which ends it: one that still writes would bring its folder back.
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
