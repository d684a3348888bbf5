import { SqliteAdapter } from 'kysely';
import type { Database } from './schema.js';

/** What is asked of either database in the same words may cost it something else. Here, since `sqlite.ts` loads the driver. */
export function isSqlite(database: Database): boolean {
  return database.getExecutor().adapter instanceof SqliteAdapter;
}
