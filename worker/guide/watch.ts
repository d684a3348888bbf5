/**
 * Watches for what shows only over several frames: a camera that delivers the same picture, eyes shut for longer than a
 * blink, a device that was turned. Pure.
 */
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';

export interface WatchState {
  /** Since when every picture has been the same as the one before, or black. */
  stillSince: number | null;
  eyesShutSince: number | null;
  /** Whether pictures were wider than high when the capture began. */
  wide: boolean | null;
  /** Since when that has changed. */
  turnedSince: number | null;
}

/** Mean luma below which a picture counts as black: a covered or dead camera, darker than any room. */
const BLACK = 0.012;

/** Mean change of luma, 0…255, below which two pictures count as the same: sensor noise is well above it. */
const SAME = 0.005;

/** How long a person who turned the device is asked to turn it back. */
const ROTATED_MS = 3_000;

export function startWatch(): WatchState {
  return { stillSince: null, eyesShutSince: null, wide: null, turnedSince: null };
}

export function watch(state: WatchState, analysis: FrameAnalysis, policy: CapturePolicy): WatchState {
  const { time, change, brightness, measurements, frame } = analysis;
  const still = change < SAME || brightness < BLACK;
  const shut = measurements !== null && measurements.eyeOpenness < policy.eyeOpenness;
  const wide = frame.width > frame.height;
  const turnedSince = state.wide === null || state.wide === wide ? null : (state.turnedSince ?? time);
  // If the device stays turned, its new orientation becomes the expected one.
  const adopted = turnedSince !== null && time - turnedSince > ROTATED_MS;
  return {
    wide: adopted ? wide : (state.wide ?? wide),
    turnedSince: adopted ? null : turnedSince,
    stillSince: still ? (state.stillSince ?? time) : null,
    eyesShutSince: shut ? (state.eyesShutSince ?? time) : null,
  };
}

/** Whether this picture is the same as the one before, or black. */
export function isStill({ stillSince }: WatchState): boolean {
  return stillSince !== null;
}

export function isStalled({ stillSince }: WatchState, { time }: FrameAnalysis, policy: CapturePolicy): boolean {
  return stillSince !== null && time - stillSince >= policy.stallMs;
}

export function isRotated({ turnedSince }: WatchState): boolean {
  return turnedSince !== null;
}

export function isBlink({ eyesShutSince }: WatchState, { time }: FrameAnalysis, policy: CapturePolicy): boolean {
  return eyesShutSince !== null && time - eyesShutSince < policy.blinkMs;
}
