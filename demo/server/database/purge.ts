/** What is past its life goes, whichever process notices first. */
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { requireSameTime } from './clock.js';
import { isSqlite } from './is-sqlite.js';
import type { Database } from './schema.js';
import { isCanceled } from './unavailable.js';

/**
 * Sessions deleted in one statement, pictures and all: a long one would hold up those who write. On SQLite it holds up
 * everyone, and it is one session: the pictures of one may take a tenth of a second.
 */
const BATCH = 20;

export interface Ages {
  /** Milliseconds since the epoch: what was created before this goes. */
  sessionsBefore: number;
  rateLimitsBefore: number;
  signingKeysBefore: number;
}

/**
 * Doing this twice, or in two processes at once, does no harm.
 *
 * @param signal ends it early; what is left goes next time
 * @returns the number of sessions deleted
 * @throws before anything is deleted where the clock that says what is past its life is not that of the database
 */
export async function purge(database: Database, ages: Ages, signal?: AbortSignal): Promise<number> {
  await requireSameTime(database);
  await database.deleteFrom('rate_limit').where('window_start', '<', ages.rateLimitsBefore).execute();
  await database.deleteFrom('signing_key').where('created_at', '<', ages.signingKeysBefore).execute();
  let total = 0;
  let size = isSqlite(database) ? 1 : BATCH;
  while (!signal?.aborted) {
    try {
      const deleted = await deleteOldest(database, ages.sessionsBefore, size);
      if (deleted === 0) break;
      total += deleted;
    } catch (error) {
      // The same again would take as long again.
      if (!isCanceled(error) || size === 1) throw error;
      size = Math.floor(size / 2);
    }
    // SQLite answers within the turn: without this, requests and signals would wait until all is gone.
    await eventLoopTurn();
  }
  await clearLog(database);
  return total;
}

/** Of what was deleted, here or by request, SQLite's write-ahead log has a copy until it is cut off. */
async function clearLog(database: Database): Promise<void> {
  if (!isSqlite(database)) return;
  await sql`pragma wal_checkpoint(truncate)`.execute(database);
}

async function deleteOldest(database: Database, before: number, most: number): Promise<number> {
  const oldest = database
    .selectFrom('session')
    .select('id')
    .where('created_at', '<=', before)
    .orderBy('created_at')
    .limit(most);
  const { numDeletedRows } = await database.deleteFrom('session').where('id', 'in', oldest).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
