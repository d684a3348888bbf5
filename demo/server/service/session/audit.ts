/**
 * The audit of a session: one entry for every liveness call whose body was received completely, refused or decided,
 * until the session has used up its submissions. A repeated call is answered from the entry of the first.
 * An entry is written in the transaction that settles its request, under the session's lock. So ids count from 1
 * without gaps and become visible in order: a reader who continues after the last id it has read misses none.
 */
import type { Selectable, Transaction } from 'kysely';
import type { AuditEntryTable, Database, Tables } from '../../database/schema.js';
import type { ServiceContext } from '../context.js';
import type { Session } from './sessions.js';

export type AuditEntry = Selectable<AuditEntryTable>;

/** @returns entries with an id above `start`, in ascending order. */
export function listAuditEntries(
  { database }: ServiceContext,
  page: { sessionId: string; start: number; top: number },
): Promise<AuditEntry[]> {
  return database
    .selectFrom('audit_entry')
    .selectAll()
    .where('session_id', '=', page.sessionId)
    .where('id', '>', page.start)
    .orderBy('id')
    .limit(page.top)
    .execute();
}

export async function findAuditEntry(
  database: Database,
  sessionId: string,
  id: number,
): Promise<AuditEntry | undefined> {
  return database
    .selectFrom('audit_entry')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** @returns entries by id; ids without an entry are left out */
export async function listEntriesById(
  { database }: ServiceContext,
  sessionId: string,
  ids: readonly number[],
): Promise<Map<number, AuditEntry>> {
  if (ids.length === 0) return new Map();
  const query = database.selectFrom('audit_entry').selectAll().where('session_id', '=', sessionId);
  const entries = await query.where('id', 'in', ids).execute();
  return new Map(entries.map((entry) => [entry.id, entry]));
}

/**
 * The caller must hold the session's lock, and must have read `session` under it.
 *
 * @param entry a decision if it has an attempt id; a decision becomes the session's result
 * @returns the new entry's id
 */
export async function appendAuditEntry(
  transaction: Transaction<Tables>,
  session: Pick<Session, 'last_entry_id' | 'result_entry_id'>,
  entry: Omit<AuditEntry, 'id'>,
): Promise<number> {
  const id = session.last_entry_id + 1;
  await transaction
    .insertInto('audit_entry')
    .values({ ...entry, id })
    .execute();
  await transaction
    .updateTable('session')
    .set({ last_entry_id: id, result_entry_id: entry.attempt_id === null ? session.result_entry_id : id })
    .where('id', '=', entry.session_id)
    .execute();
  return id;
}
