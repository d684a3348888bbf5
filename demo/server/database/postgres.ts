/** PostgreSQL, shared by any number of service processes. */
import { PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { DatabaseUnavailable, isReadOnly } from './unavailable.js';

const MOST_CONNECTIONS = 10;
/** Milliseconds. No statement of the service takes long, so one that does is stuck. */
const DEADLINE_MS = 10_000;
/**
 * Milliseconds. The server cancels a statement at its deadline and says so. If it stays silent this much longer, it is
 * gone.
 */
const SILENCE_MS = 2_000;

/** Milliseconds. */
export interface Deadlines {
  connectMs?: number;
  statementMs?: number;
}

/**
 * @param onError is called for connections that break while idle
 * @param migrating true: statements may take as long as they need, but wait no longer than `statementMs` for a lock,
 * because statements of other processes queue up behind the waiting one
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
    // As text, like parameters of a URL: the driver does not send the number 0, so a timeout set for the database role
    // would apply.
    statement_timeout: String(migrating ? 0 : statementMs) as never,
    lock_timeout: String(migrating ? statementMs : 0) as never,
    idle_in_transaction_session_timeout: statementMs,
    query_timeout: migrating ? 0 : statementMs + SILENCE_MS,
    types: { getTypeParser },
  });
  // Without listeners, these events would end the process. A query on a connection that breaks fails by itself, and the
  // pool opens another connection.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({
    pool: {
      connect: async () => lent(await pool.connect().catch(unavailable)),
      end: () => pool.end(),
    },
  });
}

/** Does not reuse a connection that broke, that may still receive a late answer, or whose server is read-only. */
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

/**
 * True for every error of the driver that is not an answer from PostgreSQL: most of these have no code, and they share
 * no name.
 */
function isConnectionLost(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) && !(error instanceof TypeError);
}

/** The driver would return 64-bit integers as text; milliseconds and lengths fit into a number. */
function getTypeParser(type: number, format?: 'text' | 'binary') {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format as 'text');
}
