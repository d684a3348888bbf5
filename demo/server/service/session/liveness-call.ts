/**
 * One liveness call: read, digest, compare, parse, decide, settle, answer. Once the body has been read completely, the
 * call gets an audit entry whatever its outcome, unless concurrent calls have used up the session's submissions.
 */
import { digestHex, sha256 } from '../../../../src/protocol/digest.js';
import { HEADERS, type ActiveMotion, type LivenessResponseBody } from '../../../../src/protocol/wire.js';
import type { Submission } from '../../judge/judge.js';
import { expectedBytes, readBody } from '../body/read.js';
import type { ServiceContext, ServiceRequest } from '../context.js';
import { decide, type Decision } from './decide.js';
import { errors, refusalOf } from '../errors.js';
import { sessionImages } from './images.js';
import type { Session } from './sessions.js';
import {
  findDecided,
  findOpenAttempt,
  isFull,
  mayRepeat,
  settleDecision,
  settleRefusal,
  type Decided,
  type ReceivedCall,
  type Settled,
} from './settle.js';
import { checkContentDigest, parseSubmission } from './submission.js';
import { verifyImageOf } from './verify-image.js';

/** @throws a refusal; if the body was read, the refusal is in the audit */
export async function handleLivenessCall(
  context: ServiceContext,
  request: ServiceRequest,
  session: Session,
): Promise<Response> {
  const { clientRequestId } = request.get('request');
  if (isFull(context, session) && !(await mayRepeat(context, session, clientRequestId)))
    throw errors.attemptsExhausted();
  const { submissionBytes } = context.limits;
  const bytes = Math.min(expectedBytes(request.req.raw, submissionBytes), submissionBytes);
  return context.bodyMemory.using(session.id, bytes, () => readAndAnswer(context, request, session));
}

async function readAndAnswer(context: ServiceContext, request: ServiceRequest, session: Session): Promise<Response> {
  const body = await readBody(request.req.raw, context.limits.submissionBytes);
  const hash = await sha256(body);
  const call = receivedCall(request, session, body.length, digestHex(hash));
  const { startedAt } = request.get('request');
  const latencyMs = () => Math.round(performance.now() - startedAt);
  try {
    checkContentDigest(request.req.header(HEADERS.contentDigest) ?? null, hash);
    return answer(await decideAndSettle(context, session, call, body, latencyMs));
  } catch (error) {
    // Throws 404 if the session is gone by now.
    await settleRefusal(context, call, refusalOf(error), latencyMs);
    throw error;
  }
}

function receivedCall(
  { req, get }: ServiceRequest,
  session: Session,
  contentLength: number,
  digest: string,
): ReceivedCall {
  const { requestId, clientRequestId, receivedAt } = get('request');
  const { pathname, search } = new URL(req.url);
  return {
    session_id: session.id,
    request_id: requestId,
    client_request_id: clientRequestId,
    received_at: receivedAt,
    url: (pathname + search).slice(0, 512),
    method: req.method,
    content_length: contentLength,
    content_type: (req.header('content-type') ?? '').slice(0, 256),
    user_agent: (req.header('user-agent') ?? '').slice(0, 512),
    digest,
  };
}

async function decideAndSettle(
  context: ServiceContext,
  session: Session,
  call: ReceivedCall,
  body: Uint8Array<ArrayBuffer>,
  latencyMs: () => number,
): Promise<Settled> {
  const arrivedAt = context.now();
  const { manifest, frames, verifyImage: fromClient } = parseSubmission(body, call.content_type, context.limits);
  const { attempt, decided } = await findOpenAttempt(context, call, manifest.attemptId);
  if (decided) return decided;
  if (isFull(context, session)) throw errors.attemptsExhausted();

  const verify = await verifyImageOf(context, session, fromClient);
  const challenge = JSON.parse(attempt.directions) as ActiveMotion[];
  const submission: Submission = {
    manifest,
    frames,
    challenge,
    sessionId: session.id,
    elapsedInMs: arrivedAt - attempt.started_at,
    verifyImage: verify?.bytes ?? null,
  };
  const about = { requestId: call.request_id, submissionId: submissionId(call) };
  let decision: Decision;
  try {
    decision = await decide(context, about, session, submission);
  } catch (error) {
    // A client repeats a call while its first copy is with the judge. That copy may have been decided by now.
    const repeated = await findDecided(context, call, manifest.attemptId);
    if (repeated) return repeated;
    throw error;
  }
  const images = session.enable_session_image ? sessionImages(submission) : [];
  const target = images.find(({ file_name }) => file_name === decision.fileName);
  const outcome: Decided = {
    attempt_id: manifest.attemptId,
    response_body: decision.body,
    status_code: session.send_results_to_client ? 200 : 204,
    session_image_id: target?.id ?? null,
    verify_image_hash: session.return_verify_image_hash ? (verify?.hash ?? null) : null,
  };
  return settleDecision(context, call, outcome, images, latencyMs);
}

/**
 * Stays the same when a client repeats a submission, because a judge that judged it again might decide differently.
 * Contains the content type: with another multipart boundary, the same bytes would contain other frames.
 */
function submissionId({ session_id, digest, content_type }: ReceivedCall): string {
  return `${session_id}.${digest}.${content_type}`;
}

/** A repeated call is answered with the request id of the first call, which is the one in the audit. */
function answer(entry: Settled): Response {
  const headers = { [HEADERS.requestId]: entry.request_id };
  if (entry.status_code === 204) return new Response(null, { status: 204, headers });
  const body = JSON.parse(entry.response_body) as LivenessResponseBody;
  // What the judge saw and objected to would help a forger, so the client gets only the outcome.
  delete body.evidence;
  delete body.reason;
  return Response.json(body, { status: entry.status_code, headers });
}
