/** Converts database rows to the documents of v1.2, in which a session consists of its attempts. */
import type { LivenessResponseBody } from '../../../../src/protocol/wire.js';
import type { ServiceContext } from '../context.js';
import { errors } from '../errors.js';
import type {
  LivenessSession,
  LivenessWithVerifySession,
  LivenessWithVerifySessionAttempt,
} from '../schemas/v1-2-models.js';
import { attemptStatus, listAttempts, type Attempt } from '../session/attempts.js';
import { listEntriesById, type AuditEntry } from '../session/audit.js';
import type { Session } from '../session/sessions.js';
import { findVerifyFace } from '../session/verify-image.js';

type Targets = NonNullable<LivenessWithVerifySessionAttempt['result']>['targets'];

/** v1.2 requires `targets` even if no face was ever found. */
const NOWHERE: Targets = { color: { faceRectangle: { top: 0, left: 0, width: 0, height: 0 } } };

/** @throws 404 if the session was deleted since it was read */
export async function sessionDocument(
  context: ServiceContext,
  session: Session,
): Promise<LivenessSession | LivenessWithVerifySession> {
  const attempts = await listAttempts(context, session.id);
  const entries = await listEntriesById(
    context,
    session.id,
    attempts.flatMap(({ entry_id }) => entry_id ?? []),
  );
  const gone = attempts.some(({ entry_id }) => entry_id !== null && !entries.has(entry_id));
  if (gone || attempts.length < session.attempts_started) throw errors.sessionNotFound();
  const documents = attempts.map((attempt) => attemptDocument(context, attempt, entries.get(attempt.entry_id ?? 0)));
  const newest = entries.get(session.result_entry_id ?? 0);
  const common = {
    sessionId: session.id,
    authToken: session.auth_token,
    status: documents[0]?.attemptStatus ?? 'NotStarted',
    modelVersion: newest && bodyOf(newest).modelVersionUsed,
  };
  if (!session.with_verify) return { ...common, results: { attempts: documents } };
  const verifyReferences = await verifyReferencesOf(context, session);
  return { ...common, results: { verifyReferences, attempts: documents } };
}

async function verifyReferencesOf(
  context: ServiceContext,
  session: Session,
): Promise<LivenessWithVerifySession['results']['verifyReferences']> {
  const face = await findVerifyFace(context, session.id);
  return face ? [{ referenceType: 'Color', ...face }] : [];
}

function attemptDocument(
  context: ServiceContext,
  attempt: Attempt,
  entry: AuditEntry | undefined,
): LivenessWithVerifySessionAttempt {
  const { status, error_code } = attemptStatus(context, attempt);
  return {
    attemptId: attempt.id,
    attemptStatus: status,
    result: entry && resultOf(entry),
    error: error_code === null ? undefined : errorOf(error_code),
  };
}

function errorOf(code: string): LivenessWithVerifySessionAttempt['error'] {
  return { code, message: `The attempt ended without a submission: ${code}.`, targets: NOWHERE };
}

function resultOf(entry: AuditEntry): LivenessWithVerifySessionAttempt['result'] {
  const { livenessDecision, target, verifyResult } = bodyOf(entry);
  return {
    livenessDecision,
    targets: target ? { color: { faceRectangle: target.faceRectangle } } : NOWHERE,
    digest: entry.digest,
    sessionImageId: entry.session_image_id ?? undefined,
    verifyResult: verifyResult && {
      matchConfidence: verifyResult.matchConfidence,
      isIdentical: verifyResult.isIdentical,
    },
    verifyImageHash: entry.verify_image_hash ?? undefined,
  };
}

function bodyOf(entry: AuditEntry): LivenessResponseBody {
  return JSON.parse(entry.response_body) as LivenessResponseBody;
}
