/** A back end can still read a session while all of libuv's threads are blocked, for example by decoding pictures. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createClient, createdSession } from './client.js';
import { startService } from './harness.js';

/** Size of libuv's thread pool. */
const THREADS = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);

/** Blocks all threads until the test ends: opening a pipe to read waits until somebody opens it to write. */
function holdThreads(): void {
  const directory = mkdtempSync(join(tmpdir(), 'held-'));
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const held = Array.from({ length: THREADS }, () => open(pipe, 'r'));
  onTestFinished(async () => {
    const writer = openSync(pipe, 'r+');
    for (const reader of await Promise.all(held)) await reader.close();
    closeSync(writer);
    rmSync(directory, { recursive: true });
  });
}

it('the service checks an API key and reads a session while all of libuv’s threads are held', async () => {
  const service = await startService('SQLite');
  onTestFinished(() => service.close());
  const client = createClient(service.url);
  const { sessionId } = await createdSession(client);
  const path = `/detectLiveness/singleModal/sessions/${sessionId}`;
  const wrong = { 'ocp-apim-subscription-key': 'b-key-for-the-tests-alone' };
  holdThreads();
  expect((await client.manage(path)).status).toBe(200);
  expect((await client.manage(path, { headers: wrong })).status).toBe(401);
});
