/** What the service and a judge behind HTTP say to each other. `docs/judges.md` documents it for those who build one. */
import { z } from 'zod';
import { SubmissionRefused, type Submission, type VerifyImageExamination } from '../judge.js';
import { isNameOf, readAnswer, unusableVerifyImage, verifyImageFace } from '../judgement.js';

export const PATHS = { judgements: '/judgements', verifyImages: '/verify-images' } as const;

/** Names of the parts of a multipart/form-data request. */
export const JUDGE_PARTS = { submission: 'submission', frame: 'frame', verifyImage: 'VerifyImage' } as const;

/** The part `submission` of `POST /judgements`, as JSON. */
export type SubmissionMessage = Pick<Submission, 'manifest' | 'challenge' | 'sessionId' | 'elapsedInMs'>;

/** None of the service's own begin like this: a client would take them for the service's word. */
const frameCode = z.string().regex(/^Image[A-Za-z0-9]{1,59}$/);
/** 422: the judge cannot look at the pictures. */
const refusedFrame = z.object({ refused: z.object({ fileName: z.string().max(64), code: frameCode }) });
const refusedVerifyImage = z.object({ refused: unusableVerifyImage });

/** @throws if it is none, or is not about what was sent */
export function readRefusal(
  json: unknown,
  { frames, verifyImage }: Pick<Submission, 'frames' | 'verifyImage'>,
): SubmissionRefused {
  if (typeof refusedIn(json) === 'string') {
    const { refused } = readAnswer(refusedVerifyImage, json);
    if (!verifyImage) throw new Error('The judge refuses a verify image, and none was sent');
    return new SubmissionRefused(refused, 'The judge cannot look at the verify image.');
  }
  const { refused } = readAnswer(refusedFrame, json);
  if (!isNameOf(refused.fileName, frames)) throw new Error('The judge refuses a frame that was not sent');
  return new SubmissionRefused(refused, `${refused.fileName}: The judge cannot look at it.`);
}

/** @throws if it is none */
export function readExaminationMessage(json: unknown): VerifyImageExamination {
  return typeof refusedIn(json) === 'string'
    ? readAnswer(refusedVerifyImage, json).refused
    : readAnswer(verifyImageFace, json);
}

/** One schema is chosen by it: where none of several fits, zod does not say why. */
function refusedIn(json: unknown): unknown {
  return (json as { refused?: unknown } | null)?.refused;
}
