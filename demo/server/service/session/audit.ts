/**
 * The audit of a session: one entry for every liveness call whose body was received whole, whatever it was answered.
 * An entry is written in the transaction that settles its request, under the session's lock: ids count from 1 without a
 * gap and become visible in order, so that whoever reads on from the last id he saw misses none.
 */
import type { Selectable, Transaction } from 'kysely';
import type { AuditEntryTable, Tables } from '../../database/schema.js';
import type { ServiceContext } from '../context.js';

export type AuditEntry = Selectable<AuditEntryTable>;

/** LivenessSessionAuditEntry (Face API v1.2-preview.1, Get Liveness Session Audit Entries). */
export interface AuditEntryDocument {
  id: number;
  sessionId: string;
  requestId: string;
  clientRequestId: string;
  receivedDateTime: string;
  request: { url: string; method: string; contentLength: number; contentType: string; userAgent: string };
  response: { body: unknown; statusCode: number; latencyInMilliseconds: number };
  digest: string;
  sessionImageId?: string;
  verifyImageHash?: string;
}

export function auditDocument(entry: AuditEntry): AuditEntryDocument {
  return {
    id: entry.id,
    sessionId: entry.session_id,
    requestId: entry.request_id,
    clientRequestId: entry.client_request_id,
    receivedDateTime: new Date(entry.received_at).toISOString(),
    request: {
      url: entry.url,
      method: entry.method,
      contentLength: entry.content_length,
      contentType: entry.content_type,
      userAgent: entry.user_agent,
    },
    response: {
      body: JSON.parse(entry.response_body) as unknown,
      statusCode: entry.status_code,
      latencyInMilliseconds: entry.latency_ms,
    },
    digest: entry.digest,
    ...(entry.session_image_id === null ? {} : { sessionImageId: entry.session_image_id }),
    ...(entry.verify_image_hash === null ? {} : { verifyImageHash: entry.verify_image_hash }),
  };
}

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
  database: Pick<Transaction<Tables>, 'selectFrom'>,
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

/** The caller holds the session's lock, and has read `lastId` under it. @returns the new entry's id */
export async function appendAuditEntry(
  transaction: Transaction<Tables>,
  lastId: number,
  entry: Omit<AuditEntry, 'id'>,
): Promise<number> {
  const id = lastId + 1;
  await transaction
    .insertInto('audit_entry')
    .values({ ...entry, id })
    .execute();
  await transaction.updateTable('session').set({ last_entry_id: id }).where('id', '=', entry.session_id).execute();
  return id;
}
