/** What a judge answers is read before anything rests on it: an engine that errs must not make a decision by it. */
import { z } from 'zod';
import { faceRectangle, livenessDecision, qualityForRecognition } from './fields.js';
import type { Judgement, Submission, VerifyImageExamination } from './judge.js';

export const verifyImageFace = z.object({ faceRectangle, qualityForRecognition });
export const unusableVerifyImage = z.enum(['undecodable', 'noFace', 'severalFaces']);
const share = z.number().min(0).max(1);

const judgement = z.object({
  livenessDecision,
  reason: optional(z.string().max(64)),
  target: z.object({ fileName: z.string().max(64), faceRectangle }),
  modelVersionUsed: optional(z.string().max(64)),
  verify: optional(z.object({ matchConfidence: share, verifyImage: verifyImageFace })),
  evidence: optional(z.record(z.string(), z.unknown())),
});

/** Many languages write what is absent as null. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** @throws if it is none, or is not about what was sent */
export function readJudgement(answer: unknown, { frames, verifyImage }: Submission): Judgement {
  const read = readAnswer(judgement, answer);
  if (!isNameOf(read.target.fileName, frames)) throw new Error('The judgement names a frame that was not sent');
  if (read.livenessDecision === 'realface' && verifyImage && !read.verify) {
    throw new Error('The judgement says nothing of the verify image');
  }
  return read as Judgement;
}

/** @throws if it is none */
export function readExamination(answer: unknown): VerifyImageExamination {
  return readAnswer<VerifyImageExamination>(typeof answer === 'string' ? unusableVerifyImage : verifyImageFace, answer);
}

/** @throws with what of it is wrong */
export function readAnswer<Output>(schema: z.ZodType<Output>, answer: unknown): Output {
  const { data, error } = schema.safeParse(answer);
  if (error) throw new Error(`The answer of the judge is not as agreed\n${z.prettifyError(error)}`);
  return data;
}

export function isNameOf(fileName: string, frames: Submission['frames']): boolean {
  return frames.some((frame) => frame.fileName === fileName);
}
