/** PostgreSQL, shared by any number of service processes. */
import { PostgresDialect } from 'kysely';
import pg from 'pg';

const MOST_CONNECTIONS = 10;
/** Milliseconds: nothing here runs long, so what does is stuck. */
const DEADLINE_MS = 10_000;

/** @param onError hears of connections that broke while nobody was using them */
export function postgresDialect(url: string, onError: (error: Error) => void): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: DEADLINE_MS,
    statement_timeout: DEADLINE_MS,
    idle_in_transaction_session_timeout: DEADLINE_MS,
    types: { getTypeParser },
  });
  // Unheard, the event would end the process; the pool opens another connection by itself.
  pool.on('error', onError);
  return new PostgresDialect({ pool });
}

/** Milliseconds and lengths fit a number; the driver would hand out 64-bit integers as text. */
function getTypeParser(type: number, format?: 'text' | 'binary') {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format as 'text');
}
