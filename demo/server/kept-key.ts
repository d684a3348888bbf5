/** The API key of a service that is started without one: it is generated and kept in a file. */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ownerOnly } from './owner-only.js';

/** Milliseconds to wait while another process writes its key: the file exists before the key is in it. */
const WRITING_MS = 2_000;
const POLL_MS = 20;

/**
 * Generates the key once, in a file that only its owner can read. If two processes start at the same time, the second
 * one uses the key of the first. The key is not written to a temporary file first: a process that is killed would leave
 * it behind as a second copy of the key.
 *
 * @returns the key
 * @throws if the file cannot be read or written
 */
export function keptKey(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  ownerOnly(file);
  const kept = keyIn(file);
  if (kept) return kept;
  if (kept === '') rmSync(file, { force: true });
  writeNew(file, randomBytes(32).toString('hex'));
  const written = keyIn(file);
  if (!written) throw new Error(`${file} contains no API key`);
  return written;
}

/**
 * Waits while the file is empty. @returns the key; null if there is no file; empty if the process that created the file
 * was killed
 */
function keyIn(file: string): string | null {
  const deadline = performance.now() + WRITING_MS;
  for (;;) {
    const key = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
    if (key !== '' || performance.now() > deadline) return key;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
}

/** Does nothing if another process has already created the file. */
function writeNew(file: string, key: string): void {
  let opened: number;
  try {
    opened = openSync(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  try {
    writeFileSync(opened, `${key}\n`);
  } catch (error) {
    // Remove the empty file: the next start could not tell whether another process is still writing the key.
    rmSync(file);
    throw error;
  } finally {
    closeSync(opened);
  }
}
