/**
 * The judge that comes with the service. It trusts nothing the client says: its threads decode every frame and find
 * faces, poses and identities themselves, the database tells which pictures other attempts sent before, and the verdict
 * weighs all of it.
 */
import { availableParallelism } from 'node:os';
// sharp has to be loaded in the process before a thread loads it: otherwise, on Linux, the end of the thread unloads
// the library.
import 'sharp';
import type { Database } from '../../database/schema.js';
import {
  JudgeBusy,
  SubmissionRefused,
  type Judge,
  type Judgement,
  type Submission,
  type VerifyImageExamination,
} from '../judge.js';
import { readDescription, type AttackModelDescription } from './attack-model/description.js';
import type { AnalysisOutcome } from './analyse.js';
import type { Analysis, FrameFacts } from './analysis.js';
import { compare } from './comparison.js';
import { keepCompiled } from './compiled.js';
import type { Case, Evidence } from './evidence/evidence.js';
import { distancesFromMiddle } from './evidence/faces.js';
import { posesOf } from './evidence/poses.js';
import { THRESHOLDS } from './evidence/thresholds.js';
import { rememberAndFindSeen } from './memory.js';
import { PoolBusy, ThreadPool } from './pool.js';
import { qualityForRecognition } from './quality.js';
import { IMAGE_REFUSALS } from './refusal.js';
import type { ThreadData, ThreadRequest } from './thread.js';
import { verdictOn } from './verdict.js';

export interface DefaultJudgeOptions {
  database: Database;
  /** Module of the threads: `thread.ts`, or its build. */
  thread: URL;
  /** Directory of the face model and MediaPipe's wasm. */
  assets: string;
  /** By default one less than there are cores, so that one core is left to the service. */
  threads?: number;
  /** Submissions that may wait for each thread. */
  queue?: number;
  /** Milliseconds that a submission may be expected to wait for a thread. */
  waitMs?: number;
  /** Milliseconds that a thread may take for one submission. */
  taskMs?: number;
  /** Path of the JSON file that describes a presentation-attack model. */
  attackModel?: string | undefined;
  /** Called for threads that died, could not be started, or were ended because of their tasks. */
  onThreadLost?: (error: Error) => void;
}

/** Every release that decides differently from the previous one raises this. */
const MODEL_VERSION = 'face-liveness-default-1';

/**
 * Submissions that may wait for each thread. This is the only limit while the pool does not know how long a submission
 * takes: at the start, or after quick refusals or failures. It is low enough if a submission takes no more than two
 * seconds.
 */
const DEFAULT_QUEUE = 8;
/**
 * Half of the time that the service waits (`Limits.judgeMs`). The other half is a reserve for submissions that take
 * longer than the previous ones.
 */
const WAIT_MS = 10_000;
const TASK_MS = 15_000;
const START_MS = 30_000;

/** @throws if the description of the presentation-attack model cannot be used */
export function defaultJudge(options: DefaultJudgeOptions): Required<Judge> {
  const attackModel = options.attackModel === undefined ? null : readDescription(options.attackModel);
  const pool = new ThreadPool({
    module: options.thread,
    workerData: { assets: options.assets, attackModel } satisfies ThreadData,
    threads: options.threads ?? Math.max(1, availableParallelism() - 1),
    queue: options.queue ?? DEFAULT_QUEUE,
    waitMs: options.waitMs ?? WAIT_MS,
    taskMs: options.taskMs ?? TASK_MS,
    startMs: START_MS,
    onLost: options.onThreadLost,
  });
  pool
    .ready()
    .then(() => keepCompiled(options.assets))
    // If this fails, only time is lost; a thread that cannot start reports the reason itself.
    .catch(() => undefined);
  const ask = async <Answer>(request: ThreadRequest, signal: AbortSignal): Promise<Answer> => {
    try {
      return (await pool.run(request, signal)) as Answer;
    } catch (error) {
      if (error instanceof PoolBusy) throw new JudgeBusy(error.turnMs / 1000);
      throw error;
    }
  };
  return {
    requires: { activeMotion: true },
    async judge(submission, signal) {
      const { frames, verifyImage } = submission;
      const outcome = await ask<AnalysisOutcome>({ kind: 'analyse', request: { frames, verifyImage } }, signal);
      return judgementOf(submission, accepted(outcome), { database: options.database, attackModel });
    },
    examineVerifyImage: (image, signal) => ask<VerifyImageExamination>({ kind: 'examine', image }, signal),
    ready: () => pool.ready(),
    close: () => pool.close(),
  };
}

/** @throws SubmissionRefused */
function accepted(outcome: AnalysisOutcome): Analysis {
  if ('refusedFrame' in outcome) {
    const { refusedFrame: fileName, code } = outcome;
    throw new SubmissionRefused({ fileName, code }, IMAGE_REFUSALS[code]);
  }
  if ('refusedVerifyImage' in outcome) {
    throw new SubmissionRefused(outcome.refusedVerifyImage, 'The verify image cannot be used for a comparison.');
  }
  return outcome;
}

async function judgementOf(
  submission: Submission,
  analysis: Analysis,
  { database, attackModel }: { database: Database; attackModel: AttackModelDescription | null },
): Promise<Judgement> {
  const { manifest, challenge, sessionId, elapsedInMs } = submission;
  const submitted: Case = {
    manifest,
    challenge,
    elapsedInMs,
    analysis,
    attackModel,
    poses: posesOf({ manifest, analysis, challenge }),
    distances: distancesFromMiddle(analysis.frames),
    seenBefore: await rememberAndFindSeen(database, { sessionId, attemptId: manifest.attemptId }, analysis.frames),
  };
  const { decision, reason, evidence } = verdictOn(submitted);
  const { poses, distances } = submitted;
  const frontal = poses.flatMap(({ position, frame }) => (position === 'frontal' ? [frame] : []));
  const best = bestFrame(analysis, frontal);
  const furthest = Math.max(...distances.map(({ distance }) => distance));
  const verify = compare(analysis, frontal.length === 0 && best ? [best] : frontal, furthest);
  return {
    livenessDecision: decision,
    reason,
    target: {
      fileName: best?.fileName ?? '',
      faceRectangle: best?.face?.rectangle ?? { top: 0, left: 0, width: 0, height: 0 },
    },
    modelVersionUsed: MODEL_VERSION,
    verify: verify?.result,
    evidence: record(submitted, evidence, verify?.measured),
  };
}

/** A frontal frame if there is one, of the best quality, and among those the sharpest. */
function bestFrame({ frames }: Analysis, frontal: readonly FrameFacts[]): FrameFacts | undefined {
  const rank = (frame: FrameFacts): number => {
    if (!frame.face) return -1;
    const quality = { low: 0, medium: 1, high: 2 }[qualityForRecognition(frame.face)];
    const { sharpness } = frame.face;
    return (frontal.includes(frame) ? 10 : 0) + quality * 2 + sharpness / (1 + sharpness);
  };
  return [...frames].sort((a, b) => rank(b) - rank(a))[0];
}

/** The evidence for an investigator. Identities and fingerprints are left out: they would tell who somebody is. */
function record(
  { manifest, challenge, analysis, poses }: Case,
  evidence: Evidence[],
  verify: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const posedByName = new Map(poses.map((posed) => [posed.fileName, posed]));
  return {
    judge: MODEL_VERSION,
    challenge,
    findings: evidence,
    frames: analysis.frames.map(({ fileName, width, height, faceCount, face }, index) => {
      const told = manifest.frames[index];
      const posed = posedByName.get(fileName);
      return {
        fileName,
        timeOffsetInMs: told?.timeOffsetInMs,
        step: told?.step,
        width,
        height,
        faceCount,
        faceRectangle: face?.rectangle ?? null,
        pose: face?.pose ?? null,
        fromFrontal: posed ? { yaw: posed.yaw, pitch: posed.pitch, smile: posed.smile } : null,
        position: posed?.position ?? null,
      };
    }),
    turn: THRESHOLDS.turn,
    verify,
  };
}
