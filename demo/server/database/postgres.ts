/** PostgreSQL, shared by any number of service processes. */
import { PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { DatabaseUnavailable, isReadOnly } from './unavailable.js';

const MOST_CONNECTIONS = 10;
/** Milliseconds: nothing here runs long, so what does is stuck. */
const DEADLINE_MS = 10_000;
/** The server ends a statement at its deadline and says so; one that says nothing after that is gone. */
const SILENCE_MS = 2_000;

/** Milliseconds. */
export interface Deadlines {
  connectMs?: number;
  statementMs?: number;
}

/**
 * @param onError hears of connections that broke while nobody was using them
 * @param migrating a statement may take as long as it needs, but waits no longer than otherwise for what others hold:
 *   whoever comes after it waits behind it
 */
export function postgresDialect(
  url: string,
  onError: (error: Error) => void,
  { connectMs = DEADLINE_MS, statementMs = DEADLINE_MS }: Deadlines = {},
  migrating = false,
): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    // As text, as out of a URL: the driver sends no other 0, and then a deadline of the role's own would stay.
    statement_timeout: String(migrating ? 0 : statementMs) as never,
    lock_timeout: String(migrating ? statementMs : 0) as never,
    idle_in_transaction_session_timeout: statementMs,
    query_timeout: migrating ? 0 : statementMs + SILENCE_MS,
    types: { getTypeParser },
  });
  // Unheard, these events would end the process. What is asked of a connection that breaks fails by itself, and the pool
  // opens another.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({
    pool: {
      connect: async () => lent(await pool.connect().catch(unavailable)),
      end: () => pool.end(),
    },
  });
}

/** A connection that broke, whose answer may still come, or that leads to where nothing can be written is lent to nobody else. */
function lent(client: pg.PoolClient): PostgresPoolClient {
  let isLost = false;
  const query = async (statement: string, parameters: readonly unknown[]) =>
    client.query(statement, [...parameters]).catch((error: unknown) => {
      isLost ||= isConnectionLost(error) || isReadOnly(error);
      return unavailable(error);
    });
  return { query: query as never, release: () => client.release(isLost) };
}

function unavailable(error: unknown): never {
  if (!isConnectionLost(error)) throw error;
  throw new DatabaseUnavailable(`PostgreSQL does not answer: ${String(error)}`, { cause: error });
}

/** Whatever the driver throws that PostgreSQL did not answer: most of it has no code, and some not even one name. */
function isConnectionLost(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) && !(error instanceof TypeError);
}

/** Milliseconds and lengths fit a number; the driver would hand out 64-bit integers as text. */
function getTypeParser(type: number, format?: 'text' | 'binary') {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format as 'text');
}
