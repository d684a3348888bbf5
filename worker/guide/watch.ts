/**
 * What only shows over several frames: a camera that stands still, eyes that are shut for longer than a blink, a device
 * that was turned. Pure.
 */
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';

export interface WatchState {
  /** Since when every picture is the same as the one before, or black. */
  stillSince: number | null;
  eyesShutSince: number | null;
  /** Whether pictures were wide when the capture began, and since when it is otherwise. */
  wide: boolean | null;
  turnedSince: number | null;
}

/** Mean luma below which a picture is black: a covered or dead camera, darker than any room. */
const BLACK = 0.012;

/** Mean change of luma, 0…255, below which two pictures are the same: the noise of a sensor is well above it. */
const SAME = 0.005;

/** For this long a turned device is asked to be turned back. */
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
  // A device that stays turned is held this way from now on.
  const adopted = turnedSince !== null && time - turnedSince > ROTATED_MS;
  return {
    wide: adopted ? wide : (state.wide ?? wide),
    turnedSince: adopted ? null : turnedSince,
    stillSince: still ? (state.stillSince ?? time) : null,
    eyesShutSince: shut ? (state.eyesShutSince ?? time) : null,
  };
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
