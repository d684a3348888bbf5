/** What the service and a judge behind HTTP say to each other. `docs/judges.md` documents it for those who build one. */
import { z } from 'zod';
import { faceRectangle, livenessDecision, qualityForRecognition } from '../fields.js';
import { SubmissionRefused, type Judgement, type Submission, type VerifyImageExamination } from '../judge.js';

export const PATHS = { judgements: '/judgements', verifyImages: '/verify-images' } as const;

/** Names of the parts of a multipart/form-data request. */
export const JUDGE_PARTS = { submission: 'submission', frame: 'frame', verifyImage: 'VerifyImage' } as const;

/** The part `submission` of `POST /judgements`, as JSON. */
export type SubmissionMessage = Pick<Submission, 'manifest' | 'challenge' | 'sessionId' | 'elapsedInMs'>;

const verifyImage = z.object({ faceRectangle, qualityForRecognition });
const share = z.number().min(0).max(1);

const judgement = z.object({
  livenessDecision,
  reason: z.string().max(64).optional(),
  target: z.object({ fileName: z.string().max(64), faceRectangle }),
  modelVersionUsed: z.string().max(64).optional(),
  verify: z.object({ matchConfidence: share, verifyImage }).optional(),
  evidence: z.record(z.string(), z.unknown()).optional(),
});

/** 422: the judge cannot look at the pictures. */
const unusableVerifyImage = z.enum(['undecodable', 'noFace', 'severalFaces']);
const refusedFrame = z.object({ fileName: z.string().max(64), code: z.string().regex(/^[A-Za-z]{1,64}$/) });
const refusal = z.object({ refused: z.union([unusableVerifyImage, refusedFrame]) });

const examination = z.union([verifyImage, z.object({ refused: unusableVerifyImage })]);

/** @throws if it is none, or is not about what was sent */
export function readJudgement(json: unknown, { frames, verifyImage: compared }: Submission): Judgement {
  const read = parse(judgement, json);
  if (!isNameOf(read.target.fileName, frames)) throw new Error('The judgement names a frame that was not sent');
  if (read.livenessDecision === 'realface' && compared && !read.verify) {
    throw new Error('The judgement says nothing of the verify image');
  }
  return read as Judgement;
}

/** @throws if it is none, or is not about what was sent */
export function readRefusal(json: unknown, { frames }: Pick<Submission, 'frames'>): SubmissionRefused {
  const { refused } = parse(refusal, json);
  if (typeof refused === 'string') return new SubmissionRefused(refused, 'The judge cannot look at the verify image.');
  if (!isNameOf(refused.fileName, frames)) throw new Error('The judge refuses a frame that was not sent');
  return new SubmissionRefused(refused, `${refused.fileName}: The judge cannot look at it.`);
}

export function readExamination(json: unknown): VerifyImageExamination {
  const read = parse(examination, json);
  return 'refused' in read ? read.refused : read;
}

function parse<Output>(schema: z.ZodType<Output>, json: unknown): Output {
  const { data, error } = schema.safeParse(json);
  if (error) throw new Error(`The answer of the judge is not as agreed\n${z.prettifyError(error)}`);
  return data;
}

function isNameOf(fileName: string, frames: Submission['frames']): boolean {
  return frames.some((frame) => frame.fileName === fileName);
}
