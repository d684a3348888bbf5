/**
 * Transactions of the service. PostgreSQL lets transactions that commit at the same time wait for the disk together;
 * SQLite waits for each in turn. So on SQLite, transactions that are due at the same time are combined into one. Each
 * runs in a savepoint of its own, so that it succeeds or fails alone, and all get their results once the combined
 * transaction is committed.
 */
import { sql, type Transaction } from 'kysely';
import { isSqlite } from './is-sqlite.js';
import type { Database, Tables } from './schema.js';

/**
 * Resolves when the writes of `work` are on the disk. If `work` throws, its writes are undone and the error is passed
 * on.
 */
export type Transact = <Result>(work: (transaction: Transaction<Tables>) => Promise<Result>) => Promise<Result>;

/** Largest number of transactions combined into one; more would keep the first of them waiting. */
const MOST = 64;

export function createTransact(database: Database): Transact {
  if (!isSqlite(database)) {
    return (work) => database.transaction().execute(work);
  }
  const queue: Member[] = [];
  let scheduled = false;

  async function commitGroup(): Promise<void> {
    scheduled = false;
    const group = queue.splice(0, MOST);
    if (queue.length > 0) schedule();
    try {
      const answers = await database.transaction().execute(async (transaction) => {
        const done = [];
        for (const { run } of group) done.push(await run(transaction));
        return done;
      });
      for (const answer of answers) answer();
    } catch (error) {
      for (const { fail } of group) fail(error);
    }
  }

  /** Commits after the events that are due now, because they may queue more transactions. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void commitGroup());
  }

  return (work) =>
    new Promise((resolve, reject) => {
      queue.push({ run: (transaction) => inSavepoint(transaction, work, resolve, reject), fail: reject });
      schedule();
    });
}

interface Member {
  /** @returns a function that answers the caller, to be called once the combined transaction is committed */
  run(transaction: Transaction<Tables>): Promise<() => void>;
  fail(error: unknown): void;
}

async function inSavepoint<Result>(
  transaction: Transaction<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
): Promise<() => void> {
  await sql`savepoint member`.execute(transaction);
  try {
    const result = await work(transaction);
    await sql`release member`.execute(transaction);
    return () => resolve(result);
  } catch (error) {
    // If the disk is full or fails, SQLite has rolled back the whole transaction and its savepoints, so all members
    // fail.
    await sql`rollback to member`.execute(transaction).catch(() => Promise.reject(error as Error));
    await sql`release member`.execute(transaction);
    return () => reject(error);
  }
}
