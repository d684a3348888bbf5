/** Opening a database whose migrations were recorded by a clock set back or by another version of the service. */
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../demo/server/database/open.js';
import type { Database } from '../../demo/server/database/schema.js';
import { BACKENDS } from './backends.js';
import { createTestDatabase, type TestDatabase } from './harness.js';

describe.each(BACKENDS)('openDatabase on %s', (backend) => {
  let own: TestDatabase;
  afterEach(() => own.remove());

  async function change(work: (database: Database) => Promise<unknown>): Promise<void> {
    const database = await openDatabase(own.location);
    await work(database).finally(() => database.destroy());
  }

  const steps = async (database: Database) => {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database);
    return rows.map(({ name }) => name);
  };

  it('opens a database whose clock was set back between two migrations', async () => {
    own = await createTestDatabase(backend);
    await change((database) =>
      sql`update kysely_migration set timestamp = '2020-01-01T00:00:00.000Z' where name = '003-attempt-request'`.execute(
        database,
      ),
    );
    await change(async (database) => expect(await steps(database)).toHaveLength(5));
  });

  it('opens a database that a later version has migrated, and leaves the later migration alone', async () => {
    own = await createTestDatabase(backend);
    await change((database) =>
      sql`insert into kysely_migration (name, timestamp) values ('006-next', '2030-01-01T00:00:00.000Z')`.execute(
        database,
      ),
    );
    await change(async (database) => expect((await steps(database)).at(-1)).toBe('006-next'));
  });

  it('refuses a database with an unknown migration among those it knows', async () => {
    own = await createTestDatabase(backend);
    await change((database) =>
      sql`insert into kysely_migration (name, timestamp) values ('004-other', '2030-01-01T00:00:00.000Z')`.execute(
        database,
      ),
    );
    await expect(openDatabase(own.location)).rejects.toThrow('004-other is missing');
  });
});
