/**
 * The embedded database: one SQLite file through `libsql`, which has the synchronous interface that Kysely's SQLite
 * dialect uses.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDatabase,
  type SqliteDialectConfig,
  type SqliteStatement,
} from 'kysely';
import Libsql from 'libsql';
import { ownerOnly } from '../owner-only.js';
import { BUSY_TIMEOUT_MS } from './is-sqlite.js';

const MOST_STATEMENTS = 200;

/**
 * Takes the write lock when a transaction begins. With SQLite's default, a transaction that reads first and then writes
 * fails at once if another process wrote in between; waiting does not help.
 */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /**
   * If the disk is full or fails, SQLite has already rolled back. The error to report is then the original one, not
   * that no transaction is active.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch((error: unknown) => {
      if (!/no transaction is active/.test(String(error))) throw error;
    });
  }
}

class Adapter extends SqliteAdapter {
  /** True, so that a migration is one transaction, and two processes that start at the same time run it only once. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class EmbeddedDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#config);
  }

  override createAdapter(): SqliteAdapter {
    return new Adapter();
  }
}

/** WAL with `synchronous=FULL`: a commit is on the disk before the response is sent. */
export function sqliteDialect(file: string, busyTimeoutMs = BUSY_TIMEOUT_MS): SqliteDialect {
  mkdirSync(dirname(file), { recursive: true });
  // Created here with this mode, because it holds signing keys that nobody else may read.
  closeSync(openSync(file, 'a', 0o600));
  ownerOnly(file, `${file}-wal`, `${file}-shm`);
  const connection = new Libsql(file, { timeout: busyTimeoutMs });
  connection.exec('pragma journal_mode = wal');
  connection.exec('pragma synchronous = full');
  connection.exec('pragma foreign_keys = on');
  // Overwrites deleted data: pictures of faces must not remain in free pages.
  connection.exec('pragma secure_delete = on');
  return new EmbeddedDialect({
    database: { prepare: keepingStatements(connection), close: () => void connection.close() },
  });
}

/** Caches statements: Kysely prepares a new one for every query, but the service repeats the same few queries. */
function keepingStatements(connection: Libsql.Database): SqliteDatabase['prepare'] {
  const statements = new Map<string, SqliteStatement>();
  return (text) => {
    const known = statements.get(text);
    if (known) return known;
    // Queries with parameter lists of different lengths have different texts, so the cache would grow for ever.
    if (statements.size === MOST_STATEMENTS) statements.clear();
    const statement = connection.prepare(text) as unknown as SqliteStatement;
    statements.set(text, statement);
    return statement;
  };
}
