/**
 * Asks the judge, and turns its judgement into the response body. The audit stores all of the body; the client gets it
 * without `reason` and `evidence`.
 */
import type { LivenessResponseBody } from '../../../../src/protocol/wire.js';
import { isDatabaseUnavailable } from '../../database/unavailable.js';
import {
  JudgeBusy,
  SubmissionRefused,
  type Judge,
  type Judgement,
  type JudgeRequest,
  type Submission,
  type UnusableVerifyImage,
} from '../../judge/judge.js';
import { readJudgement, readRefusal } from '../../judge/judgement.js';
import type { RequestContext, ServiceContext } from '../context.js';
import { errors, ServiceError } from '../errors.js';
import { DEFAULT_VERIFY_CONFIDENCE_THRESHOLD } from '../schemas/create-session.js';
import type { Session } from './sessions.js';

const RETRY_AFTER_SECONDS = '5';

/** Logged characters of an error. */
const MOST_LOGGED = 1000;

export interface Decision {
  /** The response body as JSON, as stored in the audit; the client gets it without `reason` and `evidence`. */
  body: string;
  /** Name of the frame that the decision rests on. */
  fileName: string;
}

/**
 * @throws 400 if the judge refuses the pictures, 503 if it fails, is busy or takes too long. An error of the database,
 * which the default judge reads and writes, is thrown as it is
 */
export async function decide(
  context: ServiceContext,
  { requestId, submissionId }: Required<Pick<JudgeRequest, 'requestId' | 'submissionId'>>,
  session: Session,
  submission: Submission,
): Promise<Decision> {
  const about = { requestId, sessionId: session.id };
  const decision = await askJudge(context, about, async (judge, signal, request) => {
    // All of this runs inside the callback, so that an invalid judgement, or one that cannot be written as JSON, counts
    // as a failure of the judge.
    try {
      const judgement = readJudgement(await judge.judge(submission, signal, { ...request, submissionId }), submission);
      const body = JSON.stringify(responseBody(session, submission, judgement));
      return { body, fileName: judgement.target.fileName };
    } catch (error) {
      if (error instanceof SubmissionRefused) return readRefusal(error, submission);
      throw error;
    }
  });
  if (decision instanceof SubmissionRefused) throw refusalOfPictures(decision);
  return decision;
}

/** @param about the request and its session, for the log @throws 503 or a database error, as `decide` does */
export async function askJudge<Answer>(
  { judge, limits, ending, log }: ServiceContext,
  about: Pick<RequestContext, 'requestId' | 'sessionId'>,
  question: (judge: Judge, signal: AbortSignal, request: JudgeRequest) => Promise<Answer>,
): Promise<Answer> {
  // A controller of its own, whose listener on `ending` is removed afterwards: `ending` lives as long as the process,
  // and so would everything attached to it.
  const stop = new AbortController();
  const { signal } = stop;
  const end = () => stop.abort(ending.reason);
  const timer = setTimeout(() => stop.abort(new Error('The judge took too long')), limits.judgeMs);
  ending.addEventListener('abort', end);
  const askedAt = performance.now();
  const onRetry = (failure: unknown) => {
    const milliseconds = Math.round(performance.now() - askedAt);
    log({ level: 'info', event: 'judge-retried', ...about, milliseconds, error: failureWords(failure) });
  };
  try {
    ending.throwIfAborted();
    const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return await Promise.race([question(judge, signal, { requestId: about.requestId, onRetry }), late]);
  } catch (error) {
    if (error instanceof JudgeBusy) throw errors.judgeBusy({ 'retry-after': String(error.retryAfterSeconds) });
    // The default judge asks the service's database which pictures were sent before. If the database fails, nothing is
    // wrong with the judge.
    if (isDatabaseUnavailable(error)) throw error;
    log({ level: 'error', event: 'judge-failed', ...about, error: failureWords(error) });
    throw errors.judgeUnavailable({ 'retry-after': RETRY_AFTER_SECONDS });
  } finally {
    clearTimeout(timer);
    ending.removeEventListener('abort', end);
  }
}

function failureWords(error: unknown): string {
  return withCauses(error).slice(0, MOST_LOGGED);
}

/**
 * Includes the causes: `fetch failed` alone does not say whether the host name, the certificate or the port was at
 * fault.
 */
function withCauses(error: unknown, depth = 0): string {
  const causes =
    error instanceof Error && depth < 4 ? [...(error instanceof AggregateError ? error.errors : []), error.cause] : [];
  const said = causes.filter((cause) => cause !== undefined).map((cause) => withCauses(cause, depth + 1));
  return [wordsOf(error), ...said].join(': ');
}

/** Of a thrown object that is not an Error, logs only `code` and `message`: it may refer to a request with secrets. */
function wordsOf(error: unknown): string {
  if (error instanceof Error || typeof error !== 'object' || error === null) return String(error);
  const words = ['code', 'message'].map((name) => (error as Record<string, unknown>)[name]);
  return words.filter((word) => typeof word === 'string' || typeof word === 'number').join(' ') || 'an object';
}

function refusalOfPictures({ cause, message }: SubmissionRefused): ServiceError {
  if (typeof cause === 'string') return unusableVerifyImage(cause);
  return new ServiceError(400, cause.code, `${cause.fileName}: ${message}`);
}

export function unusableVerifyImage(why: UnusableVerifyImage): ServiceError {
  const { invalidImage, noFaceInImage, severalFacesInImage } = errors;
  return { undecodable: invalidImage, noFace: noFaceInImage, severalFaces: severalFacesInImage }[why]();
}

/** A LivenessResponseBody may have further fields, so `reason` and `evidence` are added to the documented ones. */
function responseBody(session: Session, submission: Submission, judgement: Judgement): LivenessResponseBody {
  const { livenessDecision, reason, target, modelVersionUsed, verify, evidence } = judgement;
  const frame = submission.manifest.frames.find(({ fileName }) => fileName === target.fileName);
  const threshold = session.verify_confidence_threshold ?? DEFAULT_VERIFY_CONFIDENCE_THRESHOLD;
  return {
    livenessDecision,
    reason,
    target: { ...target, timeOffsetWithinFile: frame?.timeOffsetInMs ?? 0, imageType: 'Color' },
    modelVersionUsed,
    verifyResult:
      verify && submission.verifyImage
        ? {
            verifyImage: verify.verifyImage,
            matchConfidence: verify.matchConfidence,
            isIdentical: verify.matchConfidence >= threshold,
          }
        : undefined,
    evidence,
  };
}
