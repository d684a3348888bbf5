/** What the service and a judge behind HTTP say to each other. `docs/judges.md` documents it for those who build one. */
import { z } from 'zod';
import { SubmissionRefused, type Submission, type VerifyImageExamination } from '../judge.js';
import { isNameOf, readAnswer, unusableVerifyImage, verifyImageFace } from '../judgement.js';

export const PATHS = { judgements: '/judgements', verifyImages: '/verify-images' } as const;

/** Names of the parts of a multipart/form-data request. */
export const JUDGE_PARTS = { submission: 'submission', frame: 'frame', verifyImage: 'VerifyImage' } as const;

/** The part `submission` of `POST /judgements`, as JSON. */
export type SubmissionMessage = Pick<Submission, 'manifest' | 'challenge' | 'sessionId' | 'elapsedInMs'>;

const refusedFrame = z.object({ fileName: z.string().max(64), code: z.string().regex(/^[A-Za-z]{1,64}$/) });
/** 422: the judge cannot look at the pictures. */
const refusal = z.object({ refused: z.union([unusableVerifyImage, refusedFrame]) });

const examination = z.union([verifyImageFace, z.object({ refused: unusableVerifyImage })]);

/** @throws if it is none, or is not about what was sent */
export function readRefusal(json: unknown, { frames }: Pick<Submission, 'frames'>): SubmissionRefused {
  const { refused } = readAnswer(refusal, json);
  if (typeof refused === 'string') return new SubmissionRefused(refused, 'The judge cannot look at the verify image.');
  if (!isNameOf(refused.fileName, frames)) throw new Error('The judge refuses a frame that was not sent');
  return new SubmissionRefused(refused, `${refused.fileName}: The judge cannot look at it.`);
}

/** @throws if it is none */
export function readExaminationMessage(json: unknown): VerifyImageExamination {
  const read = readAnswer(examination, json);
  return 'refused' in read ? read.refused : read;
}
