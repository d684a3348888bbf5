/** Checks the answer of a judge before anything depends on it: a faulty engine must not cause a decision. */
import { z } from 'zod';
import { faceRectangle, livenessDecision, qualityForRecognition } from './fields.js';
import type { Judgement, Submission, SubmissionRefused, VerifyImageExamination } from './judge.js';

const verifyImageFace = z.object({ faceRectangle, qualityForRecognition });
const share = z.number().min(0).max(1);

const judgement = z.object({
  livenessDecision,
  reason: optional(z.string().max(64)),
  target: z.object({ fileName: z.string().max(64), faceRectangle }),
  modelVersionUsed: optional(z.string().max(64)),
  verify: optional(z.object({ matchConfidence: share, verifyImage: verifyImageFace })),
  evidence: optional(z.record(z.string(), z.unknown())),
});

/**
 * Must begin with `Image`, as none of the service's own codes does: a client must not take a judge's code for one of
 * them.
 */
const frameCode = z.string().regex(/^Image[A-Za-z0-9]{1,59}$/);
const refusedFrame = z.object({ refused: z.object({ fileName: z.string().max(64), code: frameCode }) });
const refusedVerifyImage = z.object({ refused: z.enum(['undecodable', 'noFace', 'severalFaces']) });

/** Also accepts null, because many languages write an absent field as null. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** @throws if `answer` is not a judgement, or does not fit the submission */
export function readJudgement(answer: unknown, { frames, verifyImage }: Submission): Judgement {
  const read = readAnswer(judgement, answer);
  if (!isNameOf(read.target.fileName, frames)) throw new Error('The judgement names a frame that was not sent');
  if (read.livenessDecision === 'realface' && verifyImage && !read.verify) {
    throw new Error('The judgement says nothing about the verify image');
  }
  return read as Judgement;
}

/** @returns the refusal. @throws if it is malformed, or does not fit the submission */
export function readRefusal(refusal: SubmissionRefused, { frames, verifyImage }: Submission): SubmissionRefused {
  const { cause } = refusal;
  if (typeof cause === 'string') {
    readAnswer(refusedVerifyImage, { refused: cause });
    if (!verifyImage) throw new Error('The judge refuses a verify image, but none was sent');
  } else {
    const { refused } = readAnswer(refusedFrame, { refused: cause });
    if (!isNameOf(refused.fileName, frames)) throw new Error('The judge refuses a frame that was not sent');
  }
  return refusal;
}

/** @throws if `answer` does not describe a verify image */
export function readExamination(answer: unknown): VerifyImageExamination {
  return typeof answer === 'string'
    ? readAnswer(refusedVerifyImage, { refused: answer }).refused
    : readAnswer(verifyImageFace, answer);
}

/** @throws an error that says what is wrong with the answer */
function readAnswer<Output>(schema: z.ZodType<Output>, answer: unknown): Output {
  const { data, error } = schema.safeParse(answer);
  if (error) throw new Error(`The judge's answer does not have the required form\n${z.prettifyError(error)}`);
  return data;
}

function isNameOf(fileName: string, frames: Submission['frames']): boolean {
  return frames.some((frame) => frame.fileName === fileName);
}
