/** Whether the service can do its work: it can if its judge was started, if its database answers, and if PostgreSQL takes writes. */
import { isSqlite } from '../database/is-sqlite.js';
import type { Database } from '../database/schema.js';
import type { Judge } from '../judge/judge.js';

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

/** @returns whether that is over. Of a judge that could not be started, each call that needs it hears. */
export function startOf(judge: Judge): () => boolean {
  let isOver = judge.ready === undefined;
  const end = () => void (isOver = true);
  judge.ready?.().then(end, end);
  return () => isOver;
}

/** A server that only reads refuses to delete even nothing; of a file it would wait for others who write, and all else with it. */
function question(database: Database) {
  return isSqlite(database)
    ? database.selectFrom('signing_key').select('generation').limit(1)
    : database.deleteFrom('signing_key').where('generation', '<', 0);
}
