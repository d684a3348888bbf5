/**
 * Settles a liveness call: one transaction closes the attempt and writes the audit entry, or does neither. The response
 * is sent only after the commit. If the process dies before that, the attempt stays open, so the client may send again.
 */
import type { Database } from '../../database/schema.js';
import { lockSession, type Attempt } from './attempts.js';
import { appendAuditEntry, findAuditEntry, type AuditEntry } from './audit.js';
import type { ServiceContext } from '../context.js';
import { errors, type ServiceError } from '../errors.js';
import type { NewSessionImage } from './images.js';
import type { Session } from './sessions.js';

/** The part of an audit entry that the outcome of a call determines. */
type Outcome = Pick<
  AuditEntry,
  'attempt_id' | 'response_body' | 'status_code' | 'session_image_id' | 'verify_image_hash'
>;

/** What is known of a call before it is settled. */
export type ReceivedCall = Omit<AuditEntry, 'id' | 'latency_ms' | keyof Outcome>;

export interface Decided extends Outcome {
  attempt_id: number;
}

/** The response as stored in the audit: of this call, or of the earlier one that this call repeats. */
export type Settled = Pick<AuditEntry, 'request_id' | 'status_code' | 'response_body'>;

/**
 * A call that repeats one already decided (same attempt, client request id and digest) gets the same response again:
 * the connection may have broken after the commit.
 *
 * @throws 409 if the attempt is no longer open, 404 if the session is gone, 403 if it has used up its submissions
 */
export async function settleDecision(
  context: ServiceContext,
  call: ReceivedCall,
  decided: Decided,
  images: readonly NewSessionImage[],
  latencyMs: () => number,
): Promise<Settled> {
  return context.transact(async (transaction) => {
    const session = await lockSession(transaction, call.session_id);
    const attempt = await findAttempt(transaction, call.session_id, decided.attempt_id);
    const repeated = attempt && (await decidedEntry(transaction, attempt, call));
    if (repeated) return repeated;
    // The deadline is not checked again: the submission arrived before it, as `findOpenAttempt` checked.
    if (attempt?.status !== 'Running') throw errors.attemptNotOpen();
    if (isFull(context, session)) throw errors.attemptsExhausted();

    const entry = { ...call, ...decided, latency_ms: latencyMs() };
    const id = await appendAuditEntry(transaction, session, entry);
    await transaction
      .updateTable('attempt')
      .set({ status: 'Succeeded', ended_at: context.now(), entry_id: id })
      .where('session_id', '=', call.session_id)
      .where('id', '=', decided.attempt_id)
      .execute();
    for (const image of images) {
      await transaction
        .insertInto('session_image')
        .values({ ...image, session_id: call.session_id, attempt_id: decided.attempt_id })
        .execute();
    }
    return entry;
  });
}

/**
 * Stores a refusal, unless the call is settled already. The attempt does not change. @throws 404 or 403 as
 * `settleDecision` does
 */
export async function settleRefusal(
  context: ServiceContext,
  call: ReceivedCall,
  refusal: ServiceError,
  latencyMs: () => number,
): Promise<void> {
  await context.transact(async (transaction) => {
    const session = await lockSession(transaction, call.session_id);
    // The decision was committed, but the confirmation of the commit was lost. A repeated call gets that decision.
    if (await isSettled(transaction, call)) return;
    if (isFull(context, session)) throw errors.attemptsExhausted();
    const refused: Outcome = {
      attempt_id: null,
      response_body: JSON.stringify(refusal.body),
      status_code: refusal.status,
      session_image_id: null,
      verify_image_hash: null,
    };
    await appendAuditEntry(transaction, session, { ...call, ...refused, latency_ms: latencyMs() });
  });
}

/** Whether the session has used up its submissions. */
export function isFull({ limits }: ServiceContext, session: Session): boolean {
  return session.last_entry_id >= limits.submissionsPerSession;
}

/** Whether the call may repeat a decided one, whose response it would get again. Asked before the body is read. */
export async function mayRepeat(
  { database }: ServiceContext,
  session: Session,
  clientRequestId: string,
): Promise<boolean> {
  if (clientRequestId === '') return false;
  const decided = await database
    .selectFrom('audit_entry')
    .select('id')
    .where('session_id', '=', session.id)
    .where('client_request_id', '=', clientRequestId)
    .where('attempt_id', 'is not', null)
    .executeTakeFirst();
  return decided !== undefined;
}

/** @returns the audit entry of the decided call that this one repeats, if there is one by now */
export async function findDecided(
  { database }: ServiceContext,
  call: ReceivedCall,
  attemptId: number,
): Promise<AuditEntry | null> {
  const attempt = await findAttempt(database, call.session_id, attemptId);
  return attempt ? decidedEntry(database, attempt, call) : null;
}

/**
 * Called before the judge is asked. If the call repeats a decided one, `decided` is its audit entry, and the judge is
 * not needed.
 *
 * @throws 409 if the attempt is not open
 */
export async function findOpenAttempt(
  context: ServiceContext,
  call: ReceivedCall,
  attemptId: number,
): Promise<{ attempt: Attempt; decided: AuditEntry | null }> {
  const attempt = await findAttempt(context.database, call.session_id, attemptId);
  const decided = attempt && (await decidedEntry(context.database, attempt, call));
  if (attempt && decided) return { attempt, decided };
  if (!isOpen(attempt, context.now())) throw errors.attemptNotOpen();
  return { attempt, decided: null };
}

function findAttempt(database: Database, sessionId: string, id: number): Promise<Attempt | undefined> {
  return database
    .selectFrom('attempt')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('id', '=', id)
    .executeTakeFirst();
}

async function isSettled(database: Database, call: ReceivedCall): Promise<boolean> {
  const entry = await database
    .selectFrom('audit_entry')
    .select('id')
    .where('session_id', '=', call.session_id)
    .where('request_id', '=', call.request_id)
    .executeTakeFirst();
  return entry !== undefined;
}

function isOpen(attempt: Attempt | undefined, now: number): attempt is Attempt {
  return attempt?.status === 'Running' && now < attempt.deadline_at;
}

async function decidedEntry(database: Database, attempt: Attempt, call: ReceivedCall): Promise<AuditEntry | null> {
  if (attempt.entry_id === null || call.client_request_id === '') return null;
  const entry = await findAuditEntry(database, attempt.session_id, attempt.entry_id);
  const same = entry?.client_request_id === call.client_request_id && entry.digest === call.digest;
  return same ? entry : null;
}
