import { SqliteAdapter } from 'kysely';
import type { Database } from './schema.js';

/**
 * For code that treats the databases differently, because the same query can cost much more on one of them. Not in
 * `sqlite.ts`, since importing that loads the SQLite driver.
 */
export function isSqlite(database: Database): boolean {
  return database.getExecutor().adapter instanceof SqliteAdapter;
}
