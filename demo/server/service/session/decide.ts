/** Asking the judge, and turning what it says into the body that is answered and audited. */
import type { FaceRectangle } from '../../../../src/protocol/geometry.js';
import type { LivenessResponseBody } from '../../../../src/protocol/wire.js';
import type { Judge, Judgement, Submission } from '../../judge/judge.js';
import type { ServiceContext } from '../context.js';
import type { Session } from './sessions.js';

/** The threshold where the session names none. */
const DEFAULT_VERIFY_CONFIDENCE_THRESHOLD = 0.5;

/** @returns the judge's word or, when it fails or takes too long, that nothing could be decided. Never throws. */
export async function decide(context: ServiceContext, submission: Submission): Promise<Judgement> {
  const judgement = await askJudge(context, (judge, signal) => judge.judge(submission, signal));
  return judgement ?? undecided(submission);
}

/** @returns null when the judge fails or takes too long */
export async function askJudge<Answer>(
  { judge, limits, log }: ServiceContext,
  question: (judge: Judge, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer | null> {
  const signal = AbortSignal.timeout(limits.judgeMs);
  const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  try {
    return await Promise.race([question(judge, signal), late]);
  } catch (error) {
    log({ level: 'error', event: 'judge-failed', error: String(error) });
    return null;
  }
}

function undecided({ manifest }: Submission): Judgement {
  const frame = manifest.frames[0];
  const nowhere: FaceRectangle = { top: 0, left: 0, width: 0, height: 0 };
  return {
    livenessDecision: 'uncertain',
    reason: 'JudgeUnavailable',
    target: { fileName: frame?.fileName ?? '', faceRectangle: frame?.faceRectangle ?? nowhere },
  };
}

/** LivenessResponseBody: an open record, so `reason` and `evidence` stand beside the documented fields. */
export function responseBody(session: Session, submission: Submission, judgement: Judgement): LivenessResponseBody {
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
