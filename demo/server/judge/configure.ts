/** Which judge the environment asks for. `docs/judge.md` explains each name. */
import { z } from 'zod';
import type { Database } from '../database/schema.js';
import { defaultJudge } from './default/default-judge.js';
import type { Judge } from './judge.js';
import { noJudge } from './none.js';

const variables = z.object({
  LIVENESS_JUDGE: z.enum(['default', 'none']).default('default'),
  LIVENESS_JUDGE_THREADS: z.coerce.number().int().min(1).max(64).optional(),
});

export interface JudgeSurroundings {
  database: Database;
  /** Module of the default judge's threads. */
  thread: URL;
  /** Directory of the face model and MediaPipe's wasm. */
  assets: string;
  onThreadLost: (error: Error) => void;
}

/** @throws with one line for every variable that cannot be used */
export function configureJudge(source: Record<string, string | undefined>, surroundings: JudgeSurroundings): Judge {
  // An empty variable is one that is not set.
  const result = variables.safeParse(Object.fromEntries(Object.entries(source).filter(([, value]) => value !== '')));
  if (!result.success) throw new Error(z.prettifyError(result.error));
  const { LIVENESS_JUDGE: judge, LIVENESS_JUDGE_THREADS: threads } = result.data;
  return judge === 'none' ? noJudge : defaultJudge({ ...surroundings, ...(threads === undefined ? {} : { threads }) });
}
