/** The service as a process of its own, built as it is shipped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { DatabaseLocation } from '../../demo/server/database/open.js';
import { API_KEY } from './harness.js';

const START_DEADLINE_MS = 20_000;

export interface ServiceProcess {
  url: string;
  process: ChildProcess;
  /** Everything it wrote, line by line. */
  output: string[];
  /** @returns the exit code; null: it was killed */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface ProcessOptions {
  location: DatabaseLocation;
  /** Folder for what the process keeps beside its database. */
  dataDirectory: string;
  environment?: Record<string, string>;
}

/** @throws if it ends, or says nothing, before it listens */
export async function startProcess({ location, dataDirectory, environment }: ProcessOptions): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ['dist/server/main.js'], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: dataDirectory,
      LIVENESS_API_KEYS: API_KEY,
      LIVENESS_JUDGE: 'none',
      ...('url' in location ? { DATABASE_URL: location.url } : {}),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const exited = once(child, 'exit') as Promise<[number | null]>;
  try {
    const url = await listening(child, output, exited);
    return {
      url,
      process: child,
      output,
      async end(signal) {
        child.kill(signal);
        return (await exited)[0];
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function listening(child: ChildProcess, output: string[], exited: Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`The service ${reason}: ${output.join('\n')}`));
    const deadline = setTimeout(() => fail('did not start in time'), START_DEADLINE_MS);
    void exited.then(() => {
      clearTimeout(deadline);
      fail('ended');
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        output.push(line);
        const url = /^Listening on (http:[^ ,]+)\//.exec(line)?.[1];
        if (!url) return;
        clearTimeout(deadline);
        // By number: what `localhost` means depends on the machine.
        resolve(url.replace('localhost', '127.0.0.1'));
      });
    }
  });
}
