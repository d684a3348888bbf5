/** What is past its life goes, whichever process notices first. */
import type { Database } from './schema.js';

/** Sessions deleted in one statement: a long one would hold up those who write. */
const BATCH = 200;

export interface Ages {
  /** Milliseconds since the epoch: what was created before this goes. */
  sessionsBefore: number;
  rateLimitsBefore: number;
  signingKeysBefore: number;
}

/** Doing this twice, or in two processes at once, does no harm. @returns the number of sessions deleted */
export async function purge(database: Database, ages: Ages): Promise<number> {
  await database.deleteFrom('rate_limit').where('window_start', '<', ages.rateLimitsBefore).execute();
  await database.deleteFrom('signing_key').where('created_at', '<', ages.signingKeysBefore).execute();
  let deleted = 0;
  for (;;) {
    const batch = database
      .selectFrom('session')
      .select('id')
      .where('created_at', '<=', ages.sessionsBefore)
      .orderBy('created_at')
      .limit(BATCH);
    const result = await database.deleteFrom('session').where('id', 'in', batch).executeTakeFirst();
    if (result.numDeletedRows === 0n) return deleted;
    deleted += Number(result.numDeletedRows);
  }
}
