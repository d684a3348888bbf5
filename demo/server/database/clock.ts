/** The clock all processes share: that of their database. What they write down is in the time of each. */
import { sql } from 'kysely';
import { isSqlite } from './is-sqlite.js';
import type { Database } from './schema.js';

/** Milliseconds this process's clock may be apart from the database's. */
const MOST_APART_MS = 60_000;

/**
 * A process whose clock is ahead takes what is alive for past its life. An SQLite file has no other clock than the
 * machine's: there nothing can be compared.
 *
 * @throws if the two are further apart than they may be
 */
export async function requireSameTime(database: Database): Promise<void> {
  if (isSqlite(database)) return;
  const before = Date.now();
  const { rows } = await sql<{ now: number }>`
    select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now`.execute(database);
  const after = Date.now();
  const now = rows[0]?.now ?? NaN;
  // It was read between the two, however long the way there and back.
  const [ahead, behind] = [before - now, now - after];
  if (Math.max(ahead, behind) <= MOST_APART_MS) return;
  const apart = ahead > 0 ? `${seconds(ahead)} ahead of` : `${seconds(behind)} behind`;
  throw new Error(`The clock of this machine is ${apart} that of PostgreSQL: synchronise them`);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
