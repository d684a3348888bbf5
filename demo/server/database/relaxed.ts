/** Writes that need not survive the machine losing power, such as counts of requests. */
import { sql } from 'kysely';
import { isSqlite } from './is-sqlite.js';
import type { Database } from './schema.js';

/**
 * Commits without waiting for the disk, where waiting is expensive: SQLite waits for each commit in turn, while
 * PostgreSQL lets concurrent commits wait together. If only the process dies, nothing is lost.
 */
export function relaxed<Result>(database: Database, write: (database: Database) => Promise<Result>) {
  if (!isSqlite(database)) return write(database);
  return database.connection().execute(async (connection) => {
    await sql`pragma synchronous = normal`.execute(connection);
    try {
      return await write(connection);
    } finally {
      await sql`pragma synchronous = full`.execute(connection);
    }
  });
}
