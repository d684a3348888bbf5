/** Transactions requested at the same time, which on SQLite run as one: each still succeeds or fails on its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../demo/server/database/open.js';
import type { Database } from '../../demo/server/database/schema.js';
import { createTransact, type Transact } from '../../demo/server/database/transact.js';
import { BACKENDS } from './backends.js';
import { createTestDatabase, type TestDatabase } from './harness.js';

describe.each(BACKENDS)('concurrent transactions on %s', (backend) => {
  let own: TestDatabase;
  let database: Database;
  let transact: Transact;
  beforeAll(async () => {
    own = await createTestDatabase(backend);
    database = await openDatabase(own.location);
    transact = createTransact(database);
  });
  afterAll(async () => {
    await database.destroy();
    await own.remove();
  });

  const insert = (key: string, fail = false) =>
    transact(async (transaction) => {
      await transaction.insertInto('rate_limit').values({ key, window_start: 0, count: 1 }).execute();
      if (fail) throw new Error(`not ${key}`);
      return key;
    });
  const keys = async () => {
    const rows = await database.selectFrom('rate_limit').select('key').orderBy('key').execute();
    return rows.map(({ key }) => key);
  };

  it('return each its own result, and leave nothing of those that failed', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `key-${String(index).padStart(3, '0')}`);
    const failing = (index: number) => index % 3 === 0;
    const outcomes = await Promise.allSettled(names.map((name, index) => insert(name, failing(index))));
    for (const [index, outcome] of outcomes.entries()) {
      const name = names[index] ?? '';
      if (failing(index)) expect(outcome).toMatchObject({ status: 'rejected', reason: { message: `not ${name}` } });
      else expect(outcome).toEqual({ status: 'fulfilled', value: name });
    }
    expect(await keys()).toEqual(names.filter((_, index) => !failing(index)));
  });

  it('undo only the one that gets an error from the database', async () => {
    await database.deleteFrom('rate_limit').execute();
    const outcomes = await Promise.allSettled([insert('a'), insert('a'), insert('b')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await keys()).toEqual(['a', 'b']);
  });

  it('are committed once they are answered', async () => {
    const other = await openDatabase(own.location);
    for (let round = 0; round < 20; round++) {
      await insert(`round-${round}`);
      const query = other.selectFrom('rate_limit').select('key').where('key', '=', `round-${round}`);
      expect(await query.execute()).toHaveLength(1);
    }
    await other.destroy();
  });

  it('all fail when the database is closed', async () => {
    const closed = await openDatabase(own.location);
    const transactClosed = createTransact(closed);
    await closed.destroy();
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => transactClosed(async () => 'written')));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});
