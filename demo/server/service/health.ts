/** Whether the service can do its work: it can if its database answers, and if PostgreSQL takes writes. */
import type { Database } from '../database/schema.js';
import { isSqlite } from '../database/is-sqlite.js';

const DEADLINE_MS = 2_000;

export async function isReady(database: Database): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, DEADLINE_MS, false).unref());
  const answered = question(database)
    .execute()
    .then(
      () => true,
      () => false,
    );
  return Promise.race([answered, late]);
}

/** A server that only reads refuses to delete even nothing; of a file it would wait for others who write, and all else with it. */
function question(database: Database) {
  return isSqlite(database)
    ? database.selectFrom('signing_key').select('generation').limit(1)
    : database.deleteFrom('signing_key').where('generation', '<', 0);
}
