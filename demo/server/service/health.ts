/** Readiness: the judge has finished starting, the database answers, and PostgreSQL accepts writes. */
import { isSqlite } from '../database/is-sqlite.js';
import type { Database } from '../database/schema.js';
import { DatabaseUnavailable } from '../database/unavailable.js';
import type { Judge } from '../judge/judge.js';

const DEADLINE_MS = 2_000;

/** Why the service is not ready. */
export type NotReady = 'stopping' | 'judge' | 'database';

/** @throws if the database does not answer in time, or answers with an error */
export async function requireDatabase(database: Database): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    const error = new DatabaseUnavailable(`The database did not answer within ${DEADLINE_MS} ms`);
    setTimeout(reject, DEADLINE_MS, error).unref();
  });
  await Promise.race([question(database).execute(), late]);
}

/**
 * @returns a function that tells whether the judge has finished starting. A failed start counts too: each call that
 * needs the judge then gets the error
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
