/** Starts the built server as a process of its own, on a free port and with data of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_DEADLINE_IN_MILLISECONDS = 60_000;
const STOP_DEADLINE_IN_MILLISECONDS = 15_000;

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
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/server/main.js'], {
    // Nothing else of ours: a shell may hold the address of a real database.
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LIVENESS_JUDGE: 'none',
      LIVENESS_DEMO: 'on',
      DATA_DIR: dataDirectory,
      LIVENESS_API_KEYS: apiKey,
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => {
    if (!options.dataDirectory) rmSync(dataDirectory, { recursive: true, force: true });
  };
  // A run that is stopped from outside ends without a word to us.
  const abandon = (): void => {
    child.kill('SIGKILL');
    end();
  };
  process.once('exit', abandon);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const url = await addressOf(child, () => printed);
  return {
    url,
    apiKey: options.environment?.LIVENESS_API_KEYS ?? apiKey,
    dataDirectory,
    output: () => printed,
    async stop() {
      const code = await stopChild(child);
      process.off('exit', abandon);
      end();
      return code;
    },
  };
}

async function addressOf(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + START_DEADLINE_IN_MILLISECONDS;
  while (Date.now() < deadline && child.exitCode === null) {
    const address = /Listening on (http:\/\/[^\s/]+)/.exec(output())?.[1];
    if (address) return address;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  throw new Error(`The server did not start.\n${output()}`);
}

async function stopChild(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_IN_MILLISECONDS);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(deadline);
  }
  return child.exitCode;
}
