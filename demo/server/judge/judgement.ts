/** What a judge answers is read before anything rests on it: an engine that errs must not make a decision by it. */
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

/** None of the service's own begin like this: a client would take them for the service's word. */
const frameCode = z.string().regex(/^Image[A-Za-z0-9]{1,59}$/);
const refusedFrame = z.object({ refused: z.object({ fileName: z.string().max(64), code: frameCode }) });
const refusedVerifyImage = z.object({ refused: z.enum(['undecodable', 'noFace', 'severalFaces']) });

/** Many languages write what is absent as null. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** @throws if it is none, or is not about what was sent */
export function readJudgement(answer: unknown, { frames, verifyImage }: Submission): Judgement {
  const read = readAnswer(judgement, answer);
  if (!isNameOf(read.target.fileName, frames)) throw new Error('The judgement names a frame that was not sent');
  if (read.livenessDecision === 'realface' && verifyImage && !read.verify) {
    throw new Error('The judgement says nothing about the verify image');
  }
  return read as Judgement;
}

/** @returns the refusal. @throws if it is none, or is not about what was sent */
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

/** @throws if it is none */
export function readExamination(answer: unknown): VerifyImageExamination {
  return typeof answer === 'string'
    ? readAnswer(refusedVerifyImage, { refused: answer }).refused
    : readAnswer(verifyImageFace, answer);
}

/** @throws with what of it is wrong */
function readAnswer<Output>(schema: z.ZodType<Output>, answer: unknown): Output {
  const { data, error } = schema.safeParse(answer);
  if (error) throw new Error(`The judge's answer does not have the required form\n${z.prettifyError(error)}`);
  return data;
}

function isNameOf(fileName: string, frames: Submission['frames']): boolean {
  return frames.some((frame) => frame.fileName === fileName);
}
