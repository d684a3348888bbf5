/** Opens the database and brings its schema up to date, whichever of the two it is. */
import { Kysely, Migrator } from 'kysely';
import { migrations } from './migrations.js';
import type { Database, Tables } from './schema.js';
import { sqliteDialect } from './sqlite.js';

/** @throws if the file cannot be opened or a migration fails. */
export async function openDatabase({ file }: { file: string }): Promise<Database> {
  const database = new Kysely<Tables>({ dialect: sqliteDialect(file) });
  try {
    const steps = migrations({ bytes: 'blob' });
    const migrator = new Migrator({ db: database, provider: { getMigrations: async () => steps } });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}
