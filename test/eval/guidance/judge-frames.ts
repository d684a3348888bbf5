/** Compares what the element's guidance says in every frame of the film set with what it should say. Pure. */
import type { GuidanceCode } from '../../../src/protocol/guidance.js';
import { DEFAULT_POLICY, type CapturePolicy } from '../../../src/protocol/policy.js';
import type { CapturePlan } from '../../../src/protocol/worker-api.js';
import { startCoach, stepCoach } from '../../../worker/guide/coach.js';
import type { MeasuredSequence } from '../../fixtures/film/measure.js';

export interface FrameVerdict {
  /** Milliseconds from the start of the sequence. */
  time: number;
  condition: string;
  camera: string;
  expected: GuidanceCode;
  isGated: boolean;
  /** The guidance shown with this frame; null before the first guidance. */
  shown: GuidanceCode | null;
  isSettled: boolean;
}

/** A hold that never ends, so that every frame of a sequence is guided. */
const ENDLESS: CapturePolicy = {
  ...DEFAULT_POLICY,
  hold: { ...DEFAULT_POLICY.hold, ms: Infinity },
  lightMs: { passive: Infinity, passiveActive: Infinity },
};

const PLAN: CapturePlan = {
  attempt: {
    attemptId: 1,
    livenessOperationMode: 'Passive',
    activeMotion: { required: false, directions: [] },
    limits: { maxFrames: 32, maxBytes: 1e7, seconds: 300 },
  },
  policy: ENDLESS,
  ringAspect: 3 / 4,
  rotation: 0,
};

export function judgeFrames({ sequence, analyses }: MeasuredSequence): FrameVerdict[] {
  let coach = startCoach();
  return analyses.map((analysis, index) => {
    const [next, { guidance }] = stepCoach(coach, analysis, PLAN);
    coach = next;
    return {
      time: analysis.time,
      condition: sequence.condition,
      camera: cameraOf(sequence),
      expected: sequence.expected,
      isGated: sequence.isGated,
      shown: guidance?.code ?? null,
      isSettled: (sequence.frames[index]?.time ?? 0) >= sequence.settled * 1000,
    };
  });
}

/** The camera's name, such as `640×480@25`. */
export function cameraOf({ width, height, framesPerSecond }: MeasuredSequence['sequence']): string {
  return `${width}×${height}@${framesPerSecond}`;
}

/**
 * The shortest time, in milliseconds, for which guidance was shown before other guidance replaced it; Infinity if none
 * was replaced.
 */
export function shortestShow(verdicts: readonly FrameVerdict[]): number {
  let last: FrameVerdict | undefined;
  let shortest = Infinity;
  for (const verdict of verdicts) {
    if (verdict.shown === last?.shown) continue;
    if (last?.shown) shortest = Math.min(shortest, verdict.time - last.time);
    last = verdict;
  }
  return shortest;
}
