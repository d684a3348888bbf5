/** Deletes expired data, in whichever process comes first. */
import { sql } from 'kysely';
import { requireSameTime } from './clock.js';
import { BUSY_TIMEOUT_MS, isSqlite } from './is-sqlite.js';
import type { Database } from './schema.js';
import { isCanceled } from './unavailable.js';

/**
 * Sessions deleted in one statement, including their pictures: a long statement would hold up writers. On SQLite it is
 * one session, because a statement blocks the whole process: deleting the pictures of one session may take a tenth of a
 * second.
 */
const BATCH = 20;
/** Milliseconds that truncating the write-ahead log waits for other processes; this process is blocked meanwhile. */
const CLEARING_MS = 100;

export interface Ages {
  /** Milliseconds since the epoch: sessions created at this time or earlier are deleted. */
  sessionsBefore: number;
  rateLimitsBefore: number;
  signingKeysBefore: number;
}

/**
 * Doing this twice, or in two processes at once, does no harm.
 *
 * @param onDeleted is called with the id of each session as soon as it is deleted, even if a later deletion fails
 * @param signal ends the purge early; the next one deletes the rest
 * @returns the number of sessions deleted
 * @throws before anything is deleted if the clock of this process, which decides what has expired, differs from the
 * database's
 */
export async function purge(
  database: Database,
  ages: Ages,
  onDeleted: (sessionId: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  await requireSameTime(database);
  await database.deleteFrom('rate_limit').where('window_start', '<', ages.rateLimitsBefore).execute();
  await database.deleteFrom('signing_key').where('created_at', '<', ages.signingKeysBefore).execute();
  let total = 0;
  let size = isSqlite(database) ? 1 : BATCH;
  while (!signal?.aborted) {
    try {
      const deleted = await deleteOldest(database, ages.sessionsBefore, size);
      if (deleted.length === 0) break;
      for (const { id } of deleted) onDeleted(id);
      total += deleted.length;
    } catch (error) {
      // The statement took too long, so the next one deletes half as many sessions.
      if (!isCanceled(error) || size === 1) throw error;
      size = Math.floor(size / 2);
    }
    // SQLite runs synchronously: without this, requests and signals would wait until the purge is done.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return total;
}

/**
 * SQLite's write-ahead log keeps a copy of deleted data until the log is truncated.
 *
 * @returns whether the log is empty now. It is not if another program is reading the file, or if another process of the
 * service was writing or truncating; SQLite does not wait at all for another truncation
 */
export async function clearLog(database: Database): Promise<boolean> {
  if (!isSqlite(database)) return true;
  return database.connection().execute(async (connection) => {
    await sql.raw(`pragma busy_timeout = ${CLEARING_MS}`).execute(connection);
    try {
      const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
      return rows[0]?.busy === 0;
    } finally {
      await sql.raw(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`).execute(connection);
    }
  });
}

function deleteOldest(database: Database, before: number, most: number): Promise<{ id: string }[]> {
  const oldest = database
    .selectFrom('session')
    .select('id')
    .where('created_at', '<=', before)
    .orderBy('created_at')
    .limit(most);
  return database.deleteFrom('session').where('id', 'in', oldest).returning('id').execute();
}
