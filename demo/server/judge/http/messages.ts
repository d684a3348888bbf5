/** What the service and a judge behind HTTP say to each other. `docs/judges.md` documents it for those who build one. */
import { z } from 'zod';
import type { Judgement, Submission, VerifyImageExamination } from '../judge.js';

export const PATHS = { judgements: '/judgements', verifyImages: '/verify-images' } as const;

/** Names of the parts of a multipart/form-data request. */
export const JUDGE_PARTS = { submission: 'submission', frame: 'frame', verifyImage: 'VerifyImage' } as const;

/** The part `submission` of `POST /judgements`, as JSON. */
export type SubmissionMessage = Pick<Submission, 'manifest' | 'challenge' | 'sessionId' | 'elapsedInMs'>;

const pixels = z.int().min(-100_000).max(100_000);
const rectangle = z.object({ top: pixels, left: pixels, width: pixels, height: pixels });
const verifyImage = z.object({ faceRectangle: rectangle, qualityForRecognition: z.enum(['low', 'medium', 'high']) });
const share = z.number().min(0).max(1);

const judgement = z.object({
  livenessDecision: z.enum(['uncertain', 'realface', 'spoofface']),
  reason: z.string().max(64).optional(),
  target: z.object({ fileName: z.string().max(64), faceRectangle: rectangle }),
  modelVersionUsed: z.string().max(64).optional(),
  verify: z.object({ matchConfidence: share, verifyImage }).optional(),
  evidence: z.record(z.string(), z.unknown()).optional(),
});

/** 422: the judge cannot look at the pictures. */
const refusal = z.object({
  refused: z.union([
    z.enum(['undecodable', 'noFace', 'severalFaces']),
    z.object({ fileName: z.string().max(64), code: z.string().regex(/^[A-Za-z]{1,64}$/) }),
  ]),
});

export type Refusal = z.infer<typeof refusal>;

/** @throws if it is none, or is about a frame that was not sent */
export function readJudgement(json: unknown, { frames }: Pick<Submission, 'frames'>): Judgement {
  const read = judgement.parse(json);
  if (!frames.some(({ fileName }) => fileName === read.target.fileName)) {
    throw new Error('The judgement names a frame that was not sent');
  }
  return read as Judgement;
}

export function readExamination(json: unknown): VerifyImageExamination {
  return verifyImage.parse(json);
}

export function readRefusal(json: unknown): Refusal {
  return refusal.parse(json);
}
