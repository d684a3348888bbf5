/** What the service and a judge behind HTTP say to each other. `docs/judges.md` documents it for those who build one. */
import type { Submission } from '../judge.js';

export const PATHS = { judgements: '/judgements', verifyImages: '/verify-images' } as const;

/** Names of the parts of a multipart/form-data request. */
export const JUDGE_PARTS = { submission: 'submission', frame: 'frame', verifyImage: 'VerifyImage' } as const;

/** The part `submission` of `POST /judgements`, as JSON. */
export type SubmissionMessage = Pick<Submission, 'manifest' | 'challenge' | 'sessionId' | 'elapsedInMs'>;

/** What an answer says of pictures that the judge cannot look at: in 422, and of a verify image in 200 too. */
export function refusedIn(json: unknown): unknown {
  return (json as { refused?: unknown } | null)?.refused;
}
