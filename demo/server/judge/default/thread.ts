/** The module that a thread of the judge runs: loads the models once, then answers one request after the other. */
import { constants, getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { analyse, examineVerifyImage, type AnalysisOutcome, type AnalysisRequest } from './analyse.js';
import { loadAttackModel } from './attack-model/attack-model.js';
import type { AttackModelDescription } from './attack-model/description.js';
import { loadEmbedder } from './embedder.js';
import type { Models } from './frame.js';
import { loadLandmarker } from './landmarker.js';
import type { ThreadAnswer } from './pool.js';
import type { VerifyImageExamination } from '../judge.js';

export interface ThreadData {
  /** Directory of the face model and MediaPipe's wasm. */
  assets: string;
  /** The operator's own model, as it was described when the service started: the file may have changed since. */
  attackModel: AttackModelDescription | null;
}

export type ThreadRequest = { kind: 'analyse'; request: AnalysisRequest } | { kind: 'examine'; image: Uint8Array };

/**
 * Steps of `nice` by which requests take precedence over judging. Every other busy process on the core takes precedence
 * by as many: beside one, five steps leave a quarter of the core (weights 335 and 1024). Ten leave a tenth, and then a
 * judgement takes longer than it may; but requests were answered no sooner in `npm run bench:judge`.
 */
const GIVES_WAY = 5;

try {
  // Only Linux gives each thread its own priority; elsewhere this would apply to the whole process.
  if (process.platform === 'linux') setPriority(Math.min(getPriority() + GIVES_WAY, constants.priority.PRIORITY_LOW));
} catch {
  // A container may forbid this: then both have the same priority.
}

const { assets, attackModel } = workerData as ThreadData;
const models: Models = {
  // Loaded first, so that an error comes soonest: only this model may be unusable.
  attackModel: attackModel && (await loadAttackModel(attackModel)),
  landmarker: await loadLandmarker(assets),
  embedder: await loadEmbedder(),
};

parentPort?.on('message', (message: ThreadRequest) => {
  answer(message).then(
    (value) => post({ kind: 'answer', value }),
    (error: unknown) => post({ kind: 'failed', message: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
post({ kind: 'ready' });

function answer(message: ThreadRequest): Promise<AnalysisOutcome | VerifyImageExamination> {
  return message.kind === 'analyse' ? analyse(message.request, models) : examineVerifyImage(message.image, models);
}

function post(message: ThreadAnswer): void {
  parentPort?.postMessage(message);
}
