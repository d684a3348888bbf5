/**
 * The clock that all processes share: that of their database. Each process stores times from its own clock, so the two
 * must agree.
 */
import { sql } from 'kysely';
import { isSqlite } from './is-sqlite.js';
import type { Database } from './schema.js';

/** Milliseconds by which the clock of each process may differ from the database's. */
export const MOST_APART_MS = 60_000;

/**
 * A process whose clock is ahead would treat live sessions as expired. With SQLite nothing is checked: there is no
 * other clock than the machine's.
 *
 * @throws if the clocks of this process and the database differ by more than `MOST_APART_MS`
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
  throw new Error(`The clock of this machine is ${apart} that of PostgreSQL: synchronise the two`);
}

/**
 * With SQLite, only the times in the database can show that the clock was set back. This looks at two indexed columns:
 * when sessions were created, and when rate-limit windows began. A window began up to a minute
 * (`limits.sessionRequests`) before the last request that it counts.
 *
 * @returns what is wrong; null if nothing is, or with PostgreSQL
 */
export async function findSetBack(database: Database, now: number): Promise<string | null> {
  if (!isSqlite(database)) return null;
  const { rows } = await sql<{ newest: number | null }>`
    select max(created_at) as newest from session
    union all select max(window_start) from rate_limit`.execute(database);
  const behind = Math.max(...rows.map(({ newest }) => newest ?? 0)) - now;
  if (behind <= MOST_APART_MS) return null;
  return `The clock of this machine is ${seconds(behind)} behind the newest time in the database: tokens and pictures live that much longer`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
