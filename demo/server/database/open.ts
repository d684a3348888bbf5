/** Opens the database, SQLite or PostgreSQL, and brings its schema up to date. */
import { Kysely, Migrator, sql, type Dialect, type KyselyPlugin } from 'kysely';
import { BUSY_TIMEOUT_MS } from './is-sqlite.js';
import { migrations, POSTGRES_TYPES, SQLITE_TYPES } from './migrations.js';
import type { Deadlines } from './postgres.js';
import type { Database, Tables } from './schema.js';

/** `url`: PostgreSQL, `postgres://user:password@host/database`. `file`: path of an SQLite file. */
export type DatabaseLocation = { url: string } | { file: string };

/** Milliseconds that a starting process waits while another one migrates the SQLite file. */
const MIGRATING_MS = 600_000;

/**
 * Several processes may do this at once: the first migrates, the others wait until it is done.
 *
 * @param onError is called for connections to PostgreSQL that break while idle
 * @param deadlines for PostgreSQL only; ten seconds each by default
 * @throws if the database cannot be reached or a migration fails
 */
export async function openDatabase(
  location: DatabaseLocation,
  onError: (error: Error) => void = () => undefined,
  deadlines: Deadlines = {},
): Promise<Database> {
  // Loads only the driver that is used.
  if ('url' in location) {
    const { postgresDialect } = await import('./postgres.js');
    // A migration step may fill a large index, and other starting processes wait just as long for it. So this
    // connection has no statement deadline; Kysely's migration lock has a timeout of its own, an hour.
    const patient = postgresDialect(location.url, onError, deadlines, true);
    const migrated = await opened(patient, (database) => migrate(database, POSTGRES_TYPES));
    await migrated.destroy();
    // Sends one query, because Kysely does not close a driver that was never used.
    return opened(postgresDialect(location.url, onError, deadlines), (database) => sql`select 1`.execute(database));
  }
  const { sqliteDialect } = await import('./sqlite.js');
  return opened(sqliteDialect(location.file, MIGRATING_MS), async (database) => {
    await migrate(database, SQLITE_TYPES);
    await sql.raw(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`).execute(database);
  });
}

async function opened(dialect: Dialect, begin: (database: Database) => Promise<unknown>): Promise<Database> {
  const database = new Kysely<Tables>({ dialect });
  try {
    await begin(database);
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

async function migrate(database: Database, types: Parameters<typeof migrations>[0]): Promise<void> {
  const steps = migrations(types);
  const migrator = new Migrator({
    db: database.withPlugin(upTo(Object.keys(steps).at(-1) ?? '')),
    provider: { getMigrations: async () => steps },
    // Kysely orders the applied steps by their timestamps, and the clock may have been set back between two of them.
    // Their names give the order.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/**
 * Hides applied steps of a later version from Kysely, which would report unknown steps as an error: they only add, so
 * this version runs with them.
 */
function upTo(last: string): KyselyPlugin {
  return {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      const rows = result.rows.filter(({ name, timestamp }) => timestamp === undefined || String(name) <= last);
      return { ...result, rows };
    },
  };
}
