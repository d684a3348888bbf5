/** Asking the judge, and turning what it says into the body that is audited and, without why, answered. */
import type { LivenessResponseBody } from '../../../../src/protocol/wire.js';
import { isDatabaseUnavailable } from '../../database/unavailable.js';
import { JudgeBusy, SubmissionRefused, type AskedJudge, type Judgement, type Submission } from '../../judge/judge.js';
import { readJudgement } from '../../judge/judgement.js';
import type { RequestContext, ServiceContext } from '../context.js';
import { errors, ServiceError } from '../errors.js';
import type { Session } from './sessions.js';

const RETRY_AFTER_SECONDS = '5';

/** Characters of a failure. */
const MOST_LOGGED = 1000;

/** The threshold where the session names none. */
const DEFAULT_VERIFY_CONFIDENCE_THRESHOLD = 0.5;

export interface Decision {
  /** What is audited and, without `reason` and `evidence`, answered: as JSON. */
  body: string;
  /** Of the frame it rests on. */
  fileName: string;
}

/**
 * @throws 400 for pictures that cannot be looked at, 503 when the judge fails, is busy or takes too long, and what the
 *   database throws at it: no decision
 */
export function decide(
  context: ServiceContext,
  requestId: string,
  session: Session,
  submission: Submission,
): Promise<Decision> {
  return askJudge(context, { requestId, sessionId: session.id }, async (judge, signal) => {
    // Here, since a judge has failed whose judgement is none, or cannot be written down.
    const judgement = readJudgement(await judge.judge(submission, signal), submission);
    const body = JSON.stringify(responseBody(session, submission, judgement));
    return { body, fileName: judgement.target.fileName };
  });
}

/** @param about which request of which session, for the log @throws as `decide` */
export async function askJudge<Answer>(
  { judge, limits, ending, log }: ServiceContext,
  about: Pick<RequestContext, 'requestId' | 'sessionId'>,
  question: (judge: AskedJudge, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  // Of its own, and all of it taken away again: what hangs on `ending` stays as long as the process.
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
    const asked = judge.forRequest?.({ requestId: about.requestId, onRetry }) ?? judge;
    const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return await Promise.race([question(asked, signal), late]);
  } catch (error) {
    if (error instanceof SubmissionRefused) throw refusalOfPictures(error);
    if (error instanceof JudgeBusy) throw errors.judgeBusy({ 'retry-after': String(error.retryAfterSeconds) });
    // It asks the service's database what was sent before: where that fails, nothing is wrong with the judge.
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

/** `fetch failed` alone would not say whether it was the name, the certificate or the port. */
function withCauses(error: unknown, depth = 0): string {
  const causes =
    error instanceof Error && depth < 4 ? [...(error instanceof AggregateError ? error.errors : []), error.cause] : [];
  const said = causes.filter((cause) => cause !== undefined).map((cause) => withCauses(cause, depth + 1));
  return [wordsOf(error), ...said].join(': ');
}

/** Of an object no more than that: a request with its secrets may hang on it. */
function wordsOf(error: unknown): string {
  if (error instanceof Error || typeof error !== 'object' || error === null) return String(error);
  const words = ['code', 'message'].map((name) => (error as Record<string, unknown>)[name]);
  return words.filter((word) => typeof word === 'string' || typeof word === 'number').join(' ') || 'an object';
}

function refusalOfPictures({ cause, message }: SubmissionRefused): ServiceError {
  if (cause === 'undecodable') return errors.invalidImage();
  if (cause === 'noFace') return errors.noFaceInImage();
  if (cause === 'severalFaces') return errors.severalFacesInImage();
  return new ServiceError(400, cause.code, message);
}

/** LivenessResponseBody: an open record, so `reason` and `evidence` stand beside the documented fields. */
function responseBody(session: Session, submission: Submission, judgement: Judgement): LivenessResponseBody {
  const { livenessDecision, reason, target, modelVersionUsed, verify, evidence } = judgement;
  const frame = submission.manifest.frames.find(({ fileName }) => fileName === target.fileName);
  const threshold = session.verify_confidence_threshold ?? DEFAULT_VERIFY_CONFIDENCE_THRESHOLD;
  return {
    livenessDecision,
    ...(reason === undefined ? {} : { reason }),
    target: { ...target, timeOffsetWithinFile: frame?.timeOffsetInMs ?? 0, imageType: 'Color' },
    ...(modelVersionUsed === undefined ? {} : { modelVersionUsed }),
    ...(verify === undefined || submission.verifyImage === null
      ? {}
      : {
          verifyResult: {
            verifyImage: verify.verifyImage,
            matchConfidence: verify.matchConfidence,
            isIdentical: verify.matchConfidence >= threshold,
          },
        }),
    ...(evidence === undefined ? {} : { evidence }),
  };
}
