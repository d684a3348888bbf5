/** Opens the database and brings its schema up to date, whichever of the two it is. */
import { Kysely, Migrator, sql, type Dialect, type KyselyPlugin } from 'kysely';
import { migrations, POSTGRES_TYPES, SQLITE_TYPES } from './migrations.js';
import type { Deadlines } from './postgres.js';
import type { Database, Tables } from './schema.js';

/** `url`: PostgreSQL, `postgres://user:password@host/database`. `file`: path of an SQLite file. */
export type DatabaseLocation = { url: string } | { file: string };

/** Milliseconds a start waits for another process that migrates an SQLite file. */
const MIGRATING_MS = 600_000;

/**
 * Several processes may do this at once: the first migrates, the others wait and find it done.
 *
 * @param deadlines of PostgreSQL
 * @throws if the database cannot be reached or a migration fails
 */
export async function openDatabase(
  location: DatabaseLocation,
  onError: (error: Error) => void = () => undefined,
  deadlines: Deadlines = {},
): Promise<Database> {
  // Only the driver that is used is loaded.
  if ('url' in location) {
    const { postgresDialect } = await import('./postgres.js');
    // A step may fill a large index, and who finds another process at it waits as long: Kysely's lock has an hour of its own.
    const patient = postgresDialect(location.url, onError, deadlines, true);
    const migrated = await opened(patient, (database) => migrate(database, POSTGRES_TYPES));
    await migrated.destroy();
    // Asked once: Kysely does not close what it has not used yet.
    return opened(postgresDialect(location.url, onError, deadlines), (database) => sql`select 1`.execute(database));
  }
  const { BUSY_TIMEOUT_MS, sqliteDialect } = await import('./sqlite.js');
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
    // Kysely takes their order from the clock, which may have been set back between two of them. Their names say it.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Steps of a later version only add. Kysely, which takes those it does not know for an error, does not get to see them. */
function upTo(last: string): KyselyPlugin {
  return {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      const rows = result.rows.filter(({ name, timestamp }) => timestamp === undefined || String(name) <= last);
      return { ...result, rows };
    },
  };
}
