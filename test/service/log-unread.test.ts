/** The log goes to a pipe that is full, because its reader hangs. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { originIn } from '../child.js';
import { API_KEY } from './client.js';
import { standInPages } from './process.js';

/** Enough that their log lines exceed the 64 KB that a pipe holds. */
const REQUESTS = 400;

it('the process ends on SIGTERM with exit code 0 though nobody reads its log', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'service-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'log');
  execFileSync('mkfifo', [path]);
  // Opened to read and write, so that opening does not wait for another process, and the pipe stays open.
  const pipe = await open(path, 'r+');
  onTestFinished(() => pipe.close());
  const child = spawn(process.execPath, ['dist/server/main.js'], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: directory,
      DIST_DIR: standInPages(directory),
      LIVENESS_API_KEYS: API_KEY,
      LIVENESS_JUDGE: 'none',
    },
    stdio: ['ignore', pipe.fd, 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');

  const url = await firstLine(pipe);
  for (let count = 0; count < REQUESTS; count++) await (await fetch(`${url}/nothing`)).arrayBuffer();
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

/** Reads the log up to its first line. @returns the origin in it */
async function firstLine(pipe: FileHandle): Promise<string> {
  let output = '';
  for (;;) {
    const { bytesRead, buffer } = await pipe.read();
    output += buffer.toString('utf8', 0, bytesRead);
    const origin = originIn(output);
    if (origin !== null) return origin.replace('localhost', '127.0.0.1');
  }
}
