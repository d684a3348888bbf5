/** What other modules need to know about SQLite. Importing `sqlite.ts` instead would load the SQLite driver. */
import { SqliteAdapter } from 'kysely';
import type { Database } from './schema.js';

/** Milliseconds a statement waits for another process to finish writing. */
export const BUSY_TIMEOUT_MS = 5_000;

/** For code that treats the databases differently, because the same query can cost much more on one of them. */
export function isSqlite(database: Database): boolean {
  return database.getExecutor().adapter instanceof SqliteAdapter;
}
