/** The key of a service that is given none. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ownerOnly } from './owner-only.js';

/** Milliseconds in which another start writes its key, where it cannot do that before the file has its name. */
const WRITING_MS = 2_000;
const POLL_MS = 20;

/**
 * It is made once, readable by its owner alone. It gets its name when it is complete, so that a start that is
 * killed leaves no empty one, and of two at once the second takes that of the first.
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
    // Not every file system has links: without them it is written in its place. Of another start's the name is taken.
    if (!isTaken(error)) writeInPlace(file, key);
  } finally {
    rmSync(complete);
  }
  const written = keyIn(file);
  if (!written) throw new Error(`${file} holds no key`);
  return written;
}

/** Waits while there is a file without one. @returns null: there is no file; empty: who made it was killed */
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
