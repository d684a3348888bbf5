/** Opens the database and brings its schema up to date, whichever of the two it is. */
import { Kysely, Migrator } from 'kysely';
import { migrations, POSTGRES_TYPES, SQLITE_TYPES } from './migrations.js';
import type { Database, Tables } from './schema.js';

/** `url`: PostgreSQL, `postgres://user:password@host/database`. `file`: path of an SQLite file. */
export type DatabaseLocation = { url: string } | { file: string };

/**
 * Several processes may do this at once: the first migrates, the others wait and find it done.
 *
 * @throws if the database cannot be reached or a migration fails
 */
export async function openDatabase(
  location: DatabaseLocation,
  onError: (error: Error) => void = () => undefined,
): Promise<Database> {
  const isPostgres = 'url' in location;
  // Only the driver that is used is loaded.
  const dialect = isPostgres
    ? (await import('./postgres.js')).postgresDialect(location.url, onError)
    : (await import('./sqlite.js')).sqliteDialect(location.file);
  const database = new Kysely<Tables>({ dialect });
  try {
    const steps = migrations(isPostgres ? POSTGRES_TYPES : SQLITE_TYPES);
    const migrator = new Migrator({ db: database, provider: { getMigrations: async () => steps } });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}
