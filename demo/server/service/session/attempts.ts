/**
 * Attempts: the client starts and ends them, the database counts them. Every change begins by locking the row of the
 * session, so that concurrent processes change it one after the other. `settle.ts` settles submissions.
 */
import type { Selectable, Transaction } from 'kysely';
import type { ActiveMotion, AttemptEndRequest } from '../../../../src/protocol/wire.js';
import type { AttemptTable, Tables } from '../../database/schema.js';
import type { ServiceContext } from '../context.js';
import { errors } from '../errors.js';
import { countAgainst } from '../limits.js';
import { tokenExpiresAt, type Session } from './sessions.js';

export type Attempt = Selectable<AttemptTable>;

/** Milliseconds that an attempt must last at least: the client is told its length in whole seconds. */
const LEAST_MS = 1000;

export interface StartedAttempt {
  attemptId: number;
  directions: ActiveMotion[];
  remaining: number;
  seconds: number;
}

/** Locks the session until the transaction ends. @throws 404 if it has been deleted in the meantime */
export async function lockSession(transaction: Transaction<Tables>, id: string): Promise<Session> {
  // An update that changes nothing takes the row's lock on both databases.
  const session = await transaction
    .updateTable('session')
    .set((row) => ({ last_entry_id: row.ref('last_entry_id') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (!session) throw errors.sessionNotFound();
  return session;
}

/**
 * Opens an attempt and closes the previous one if it is still open. A repeated request gets the same attempt again: the
 * connection may have broken before the response arrived.
 *
 * @param clientRequestId empty if the request had none
 * @throws 401 if the token has less than a second left, 403 if all attempts are used up, 400 if an earlier attempt
 * named another device, 429 if too many were opened under this device correlation id, 404 if the session is gone
 */
export async function startAttempt(
  context: ServiceContext,
  sessionId: string,
  deviceCorrelationId: string,
  clientRequestId: string,
): Promise<StartedAttempt> {
  const { limits, now } = context;
  const startedAt = now();
  return context.transact(async (transaction) => {
    const session = await lockSession(transaction, sessionId);
    const started = (attempt: Attempt): StartedAttempt => ({
      attemptId: attempt.id,
      directions: JSON.parse(attempt.directions) as ActiveMotion[],
      remaining: limits.attemptsPerSession - attempt.id,
      seconds: Math.floor((attempt.deadline_at - startedAt) / 1000),
    });
    const repeated = clientRequestId && (await openAttempt(transaction, sessionId, clientRequestId, startedAt));
    if (repeated) return started(repeated);
    if (tokenExpiresAt(session) - startedAt < LEAST_MS) throw errors.tokenExpired();
    if (session.attempts_started >= limits.attemptsPerSession) throw errors.attemptsExhausted();
    if (session.device_correlation_id !== null && session.device_correlation_id !== deviceCorrelationId) {
      throw errors.invalidDeviceCorrelationId();
    }
    await countAgainst(transaction, `device:${deviceCorrelationId}`, limits.deviceAttempts, startedAt);
    const id = session.attempts_started + 1;
    const deadlineAt = Math.min(startedAt + limits.attemptSeconds * 1000, tokenExpiresAt(session));
    const attempt: Attempt = {
      session_id: sessionId,
      id,
      status: 'Running',
      directions: JSON.stringify(context.drawDirections(session.operation_mode)),
      started_at: startedAt,
      deadline_at: deadlineAt,
      ended_at: null,
      error_code: null,
      entry_id: null,
      client_request_id: clientRequestId || null,
    };
    await transaction
      .updateTable('session')
      .set({
        attempts_started: id,
        started_at: session.started_at ?? startedAt,
        device_correlation_id: deviceCorrelationId,
      })
      .where('id', '=', sessionId)
      .execute();
    await closeExpired(context, transaction, sessionId);
    await transaction
      .updateTable('attempt')
      .set({ status: 'Canceled', ended_at: startedAt, error_code: 'Superseded' })
      .where('session_id', '=', sessionId)
      .where('status', '=', 'Running')
      .execute();
    await transaction.insertInto('attempt').values(attempt).execute();
    return started(attempt);
  });
}

function openAttempt(transaction: Transaction<Tables>, sessionId: string, clientRequestId: string, now: number) {
  return transaction
    .selectFrom('attempt')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('client_request_id', '=', clientRequestId)
    .where('status', '=', 'Running')
    .where('deadline_at', '>=', now + LEAST_MS)
    .executeTakeFirst();
}

/**
 * Closes an attempt that was not submitted. Doing this twice is no error: a client whose page is closing may repeat the
 * call.
 *
 * @throws 400 if there is no such attempt, 409 if it has a decision, 404 if the session is gone
 */
export async function endAttempt(
  context: ServiceContext,
  sessionId: string,
  { attemptId, reason }: AttemptEndRequest,
): Promise<void> {
  await context.transact(async (transaction) => {
    await lockSession(transaction, sessionId);
    await closeExpired(context, transaction, sessionId);
    const attempt = await transaction
      .selectFrom('attempt')
      .select('status')
      .where('session_id', '=', sessionId)
      .where('id', '=', attemptId)
      .executeTakeFirst();
    if (!attempt) throw errors.invalidRequestBody('attemptId');
    if (attempt.status === 'Succeeded') throw errors.attemptNotOpen();
    if (attempt.status !== 'Running') return;
    await transaction
      .updateTable('attempt')
      .set({
        status: reason.startsWith('UserCanceled') ? 'Canceled' : 'Failed',
        ended_at: context.now(),
        error_code: reason,
      })
      .where('session_id', '=', sessionId)
      .where('id', '=', attemptId)
      .execute();
  });
}

/** @returns newest first */
export function listAttempts({ database }: ServiceContext, sessionId: string): Promise<Attempt[]> {
  return database.selectFrom('attempt').selectAll().where('session_id', '=', sessionId).orderBy('id', 'desc').execute();
}

/**
 * Milliseconds within which a decision is normally stored. If a slow database takes longer, the decision still counts
 * as long as the attempt is stored as running.
 */
const SETTLING_MS = 5_000;

/**
 * An attempt past its deadline has failed, even if the client never reported that. It counts as expired only once a
 * submission that arrived in time would normally have been decided and stored.
 */
const EXPIRED = { status: 'Failed', error_code: 'AttemptExpired' } as const;

/** @returns the latest deadline of the attempts that count as expired now */
function expiredDeadline({ now, limits }: ServiceContext): number {
  return now() - limits.judgeMs - SETTLING_MS;
}

export function attemptStatus(context: ServiceContext, attempt: Attempt): Pick<Attempt, 'status' | 'error_code'> {
  return attempt.status === 'Running' && attempt.deadline_at <= expiredDeadline(context) ? EXPIRED : attempt;
}

/** Stores the status that `attemptStatus` already reports, which makes it final: a later submission changes nothing. */
async function closeExpired(
  context: ServiceContext,
  transaction: Transaction<Tables>,
  sessionId: string,
): Promise<void> {
  await transaction
    .updateTable('attempt')
    .set((row) => ({ ...EXPIRED, ended_at: row.ref('deadline_at') }))
    .where('session_id', '=', sessionId)
    .where('status', '=', 'Running')
    .where('deadline_at', '<=', expiredDeadline(context))
    .execute();
}
