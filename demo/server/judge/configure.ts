/** Creates the judge that the environment variables choose. `docs/judges.md` explains each variable. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { DETECTOR_FILES } from '../../../src/protocol/detector-files.js';
import { IS_BUILT, requireFiles } from '../built-files.js';
import { baseUrl, readVariables, type Source } from '../environment.js';
import type { DefaultJudgeOptions } from './default/default-judge.js';
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

/** What configures each judge: nothing that belongs to another. */
const judgeSettings = z.discriminatedUnion('judge', [
  z.object({ judge: z.literal('none') }),
  z.object({ judge: z.literal('http'), url: z.string(), secret: z.string(), activeMotion: z.boolean() }),
  z.object({ judge: z.literal('default'), threads: z.number().optional(), attackModel: z.string().optional() }),
]);

export type JudgeSettings = z.infer<typeof judgeSettings>;

const variables = fields
  .transform((given) => ({
    judge: given.LIVENESS_JUDGE ?? (given.LIVENESS_JUDGE_URL === undefined ? 'default' : 'http'),
    url: given.LIVENESS_JUDGE_URL,
    secret: given.LIVENESS_JUDGE_SECRET,
    activeMotion: given.LIVENESS_JUDGE_ACTIVE_MOTION === 'true',
    threads: given.LIVENESS_JUDGE_THREADS,
    attackModel: given.LIVENESS_ATTACK_MODEL,
  }))
  .refine(
    ({ url, secret }) => (url === undefined) === (secret === undefined),
    'LIVENESS_JUDGE_URL and LIVENESS_JUDGE_SECRET have to be set together',
  )
  .refine(({ judge, url }) => judge !== 'http' || url !== undefined, 'LIVENESS_JUDGE=http needs LIVENESS_JUDGE_URL')
  .refine(
    ({ judge, threads, attackModel }) => judge === 'default' || (threads ?? attackModel) === undefined,
    'LIVENESS_JUDGE_THREADS and LIVENESS_ATTACK_MODEL apply only to the default judge, which is not chosen',
  )
  .refine(
    ({ judge, activeMotion }) => judge === 'http' || !activeMotion,
    'LIVENESS_JUDGE_ACTIVE_MOTION applies only to the HTTP judge, which is not chosen',
  );

export type JudgeSurroundings = Required<Pick<DefaultJudgeOptions, 'database' | 'thread' | 'assets' | 'onThreadLost'>>;

/** @throws an error that names every unusable variable and says why */
export function readJudgeSettings(source: Source): JudgeSettings {
  return judgeSettings.parse(readVariables(variables, source));
}

/** @throws an error that names the missing files, or says why a model cannot be used */
export async function configureJudge(settings: JudgeSettings, surroundings: JudgeSurroundings): Promise<Judge> {
  if (settings.judge === 'none') return noJudge;
  if (settings.judge === 'http') return httpJudge(settings);
  const { threads, attackModel } = settings;
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
