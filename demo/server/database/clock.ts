/**
 * The clock that all processes share: that of their database. Each process writes times of its own clock, so both must
 * agree.
 */
import { sql } from 'kysely';
import { isSqlite } from './is-sqlite.js';
import type { Database } from './schema.js';

/** Milliseconds by which this process's clock may differ from the database's. */
const MOST_APART_MS = 60_000;

/**
 * A process whose clock is ahead would treat live sessions as expired. With SQLite there is no other clock than the
 * machine's, so nothing can be compared.
 *
 * @throws if the two clocks differ by more than that
 */
export async function requireSameTime(database: Database): Promise<void> {
  if (isSqlite(database)) return;
  const before = Date.now();
  const { rows } = await sql<{ now: number }>`
    select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now`.execute(database);
  const after = Date.now();
  const now = rows[0]?.now ?? NaN;
  // The database read its clock between `before` and `after`, however long the network took.
  const [ahead, behind] = [before - now, now - after];
  if (Math.max(ahead, behind) <= MOST_APART_MS) return;
  const apart = ahead > 0 ? `${seconds(ahead)} ahead of` : `${seconds(behind)} behind`;
  throw new Error(`The clock of this machine is ${apart} that of PostgreSQL: synchronise them`);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
