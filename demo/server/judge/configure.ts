/** Creates the judge that the environment variables choose. `docs/judges.md` explains each variable. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { DETECTOR_FILES } from '../../../src/protocol/detector-files.js';
import { IS_BUILT, requireFiles } from '../built-files.js';
import type { Database } from '../database/schema.js';
import { baseUrl, readVariables, type Source } from '../environment.js';
import { httpJudge } from './http/http-judge.js';
import type { Judge } from './judge.js';
import { noJudge } from './none.js';

const fields = z.object({
  LIVENESS_JUDGE: z.enum(['default', 'http', 'none']).optional(),
  LIVENESS_JUDGE_THREADS: z.coerce.number().int().min(1).max(64).optional(),
  LIVENESS_ATTACK_MODEL: z.string().optional(),
  LIVENESS_JUDGE_URL: baseUrl.optional(),
  LIVENESS_JUDGE_SECRET: z.string().min(32).optional(),
  LIVENESS_JUDGE_ACTIVE_MOTION: z.enum(['true', 'false']).default('false'),
});

export const JUDGE_VARIABLES = Object.keys(fields.shape);

const variables = fields
  .transform(({ LIVENESS_JUDGE: chosen, ...others }) => ({
    ...others,
    judge: chosen ?? (others.LIVENESS_JUDGE_URL === undefined ? 'default' : 'http'),
  }))
  .refine(
    ({ LIVENESS_JUDGE_URL: url, LIVENESS_JUDGE_SECRET: secret }) => (url === undefined) === (secret === undefined),
    'LIVENESS_JUDGE_URL and LIVENESS_JUDGE_SECRET have to be set together',
  )
  .refine(
    ({ judge, LIVENESS_JUDGE_URL: url }) => judge !== 'http' || url !== undefined,
    'LIVENESS_JUDGE=http needs LIVENESS_JUDGE_URL',
  )
  .refine(
    ({ judge, LIVENESS_JUDGE_THREADS: threads, LIVENESS_ATTACK_MODEL: model }) =>
      judge === 'default' || (threads ?? model) === undefined,
    'LIVENESS_JUDGE_THREADS and LIVENESS_ATTACK_MODEL apply only to the default judge, which is not chosen',
  )
  .refine(
    ({ judge, LIVENESS_JUDGE_ACTIVE_MOTION: activeMotion }) => judge === 'http' || activeMotion === 'false',
    'LIVENESS_JUDGE_ACTIVE_MOTION applies only to the HTTP judge, which is not chosen',
  );

export type JudgeSettings = z.infer<typeof variables>;

export interface JudgeSurroundings {
  database: Database;
  /** The module that the default judge's threads run. */
  thread: URL;
  /** Directory of the face model and MediaPipe's wasm. */
  assets: string;
  onThreadLost: (error: Error) => void;
}

/** @throws an error that names every unusable variable and says why */
export function readJudgeSettings(source: Source): JudgeSettings {
  return readVariables(variables, source);
}

/** @throws an error that names the missing files, or says why a model cannot be used */
export async function configureJudge(settings: JudgeSettings, surroundings: JudgeSurroundings): Promise<Judge> {
  const { judge, LIVENESS_JUDGE_URL: url, LIVENESS_JUDGE_SECRET: secret, ...data } = settings;
  if (judge === 'none') return noJudge;
  if (judge === 'http' && url !== undefined && secret !== undefined) {
    return httpJudge({ url, secret, activeMotion: data.LIVENESS_JUDGE_ACTIVE_MOTION === 'true' });
  }
  const { LIVENESS_JUDGE_THREADS: threads, LIVENESS_ATTACK_MODEL: attackModel } = data;
  const { thread, assets } = surroundings;
  requireFiles(fileURLToPath(new URL('.', thread)), [basename(thread.pathname)]);
  const detectorFiles = Object.values(DETECTOR_FILES).map(({ name }) => name);
  // If the server runs from its sources, it uses the files in `public/`, whatever DIST_DIR says.
  requireFiles(assets, detectorFiles, IS_BUILT ? 'DIST_DIR' : undefined);
  // Imported only when it is needed, because it loads large libraries.
  const { defaultJudge } = await import('./default/default-judge.js');
  const own = defaultJudge({ ...surroundings, attackModel, ...(threads === undefined ? {} : { threads }) });
  // The service's own models are present. Whether the operator's own model can be run is known only once a thread has
  // started with it.
  try {
    if (attackModel !== undefined) await own.ready();
  } catch (error) {
    await own.close();
    throw error;
  }
  return own;
}
