/** The API key of a service that is started without one. */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ownerOnly } from './owner-only.js';

/** Milliseconds to wait for another start to write its key: the file has its name before the key is in it. */
const WRITING_MS = 2_000;
const POLL_MS = 20;

/**
 * The key is made once, in a file that only its owner can read. Of two concurrent starts the second uses the key of the
 * first. What is written anywhere else first would be left there by a start that is killed: a second name of the key.
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

/** Waits while the file is empty. @returns null if there is no file; empty if the process that made it was killed */
function keyIn(file: string): string | null {
  const deadline = performance.now() + WRITING_MS;
  for (;;) {
    const key = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
    if (key !== '' || performance.now() > deadline) return key;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
}

/** Does nothing if another start was first. */
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
    // Of an empty file the next starts could not tell whether somebody still writes it.
    rmSync(file);
    throw error;
  } finally {
    closeSync(opened);
  }
}
