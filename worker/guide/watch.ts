/** What only shows over several frames: a camera that stands still, and eyes that are shut for longer than a blink. */
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';

export interface WatchState {
  /** Since when every picture is the same as the one before, or black. */
  stillSince: number | null;
  eyesShutSince: number | null;
}

/** Mean luma below which a picture is black: a covered or dead camera, darker than any room. */
const BLACK = 0.012;

/** Mean change of luma, 0…255, below which two pictures are the same: the noise of a sensor is well above it. */
const SAME = 0.005;

export function startWatch(): WatchState {
  return { stillSince: null, eyesShutSince: null };
}

export function watch(state: WatchState, analysis: FrameAnalysis, policy: CapturePolicy): WatchState {
  const { time, change, brightness, measurements } = analysis;
  const still = change < SAME || brightness < BLACK;
  const shut = measurements !== null && measurements.eyeOpenness < policy.eyeOpenness;
  return {
    stillSince: still ? (state.stillSince ?? time) : null,
    eyesShutSince: shut ? (state.eyesShutSince ?? time) : null,
  };
}

export function isStalled({ stillSince }: WatchState, { time }: FrameAnalysis, policy: CapturePolicy): boolean {
  return stillSince !== null && time - stillSince >= policy.stallMs;
}

export function isBlink({ eyesShutSince }: WatchState, { time }: FrameAnalysis, policy: CapturePolicy): boolean {
  return eyesShutSince !== null && time - eyesShutSince < policy.blinkMs;
}
