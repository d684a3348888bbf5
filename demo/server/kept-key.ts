/** The API key of a service that is started without one. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ownerOnly } from './owner-only.js';

/**
 * Milliseconds to wait for another start to write its key: on file systems without links, the file gets its name before
 * the key is in it.
 */
const WRITING_MS = 2_000;
const POLL_MS = 20;

/**
 * The key is made once, in a file that only its owner can read. The file gets its name when it is complete, so that a
 * killed start leaves no empty file, and of two concurrent starts the second uses the key of the first.
 */
export function keptKey(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  ownerOnly(file);
  const kept = keyIn(file);
  if (kept) return kept;
  if (kept === '') rmSync(file, { force: true });
  const complete = `${file}.${randomUUID()}`;
  const key = randomBytes(32).toString('hex');
  writeFileSync(complete, `${key}\n`, { mode: 0o600 });
  try {
    linkSync(complete, file);
  } catch (error) {
    // Some file systems have no links: there the key is written in place. If another start was first, the name is taken
    // and its key is used.
    if (!isTaken(error)) writeInPlace(file, key);
  } finally {
    rmSync(complete);
  }
  const written = keyIn(file);
  if (!written) throw new Error(`${file} holds no key`);
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

function writeInPlace(file: string, key: string): void {
  try {
    writeFileSync(file, `${key}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}
