/**
 * The messages between the service and a judge behind HTTP. `docs/judges.md` documents them for those who build one.
 */
import type { Submission } from '../judge.js';

export const PATHS = { judgements: '/judgements', verifyImages: '/verify-images' } as const;

/** Names of the parts of a multipart/form-data request. */
export const JUDGE_PARTS = { submission: 'submission', frame: 'frame', verifyImage: 'VerifyImage' } as const;

/** The part `submission` of `POST /judgements`, as JSON. */
export type SubmissionMessage = Pick<Submission, 'manifest' | 'challenge' | 'sessionId' | 'elapsedInMs'>;

/** @returns `refused`, why the judge cannot use a picture: in a 422 and, for a verify image, also in a 200 */
export function refusedIn(json: unknown): unknown {
  return (json as { refused?: unknown } | null)?.refused;
}
