/** Readiness: the judge has finished starting, the database answers, and PostgreSQL accepts writes. */
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

/**
 * @returns a function that tells whether the start of the judge is over, even if it failed: then each call that needs
 * the judge gets the error
 */
export function startOf(judge: Judge): () => boolean {
  let isOver = judge.ready === undefined;
  const end = () => void (isOver = true);
  judge.ready?.().then(end, end);
  return () => isOver;
}

/**
 * A read-only PostgreSQL server refuses even a DELETE that matches no row. On SQLite a DELETE would wait for other
 * writers and block this process meanwhile.
 */
function question(database: Database) {
  return isSqlite(database)
    ? database.selectFrom('signing_key').select('generation').limit(1)
    : database.deleteFrom('signing_key').where('generation', '<', 0);
}
