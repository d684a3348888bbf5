/**
 * Finds what is wrong with a frame: the one correction that matters most, or none. Pure, from measurements and policy.
 */
import { CORRECTIONS, type Correction, type GuidanceCode } from '../../src/protocol/guidance.js';
import type { FrameAnalysis, FrameMeasurements } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';
import type { Called } from './steady.js';

/** One bound: `code` applies where `value` lies on the wrong side of `threshold`. */
interface Bound {
  code: Correction;
  value: number;
  threshold: number;
  wrong: 'above' | 'below';
}

/**
 * @param shown the correction shown now: its threshold must be cleared by a margin, so that guidance does not flicker
 */
export function assess(analysis: FrameAnalysis, policy: CapturePolicy, shown: GuidanceCode | null): Called | null {
  const { measurements, faceCount, brightness } = analysis;
  if (!measurements) {
    // In the dark no face is detected at all: ask for light rather than for a face.
    const threshold = policy.brightness.min / 2;
    return brightness < threshold ? { code: 'tooDark', value: brightness, threshold } : { code: 'noFace' };
  }
  if (faceCount > 1) return { code: 'severalFaces', value: faceCount, threshold: 1 };
  const wrong = [lightBounds, placeBounds, poseBounds]
    .flatMap((boundsOf) => boundsOf(measurements, policy))
    .filter((bound) => misses(bound, bound.code === shown ? policy.guidance.hysteresis : 0))
    .sort((a, b) => CORRECTIONS.indexOf(a.code) - CORRECTIONS.indexOf(b.code));
  const [first] = wrong;
  return first ? { code: first.code, value: first.value, threshold: first.threshold } : null;
}

function misses({ value, threshold, wrong }: Bound, margin: number): boolean {
  const slack = Math.abs(threshold) * margin;
  return wrong === 'above' ? value > threshold - slack : value < threshold + slack;
}

/** Light on the face, and overexposed parts that the mean hides. */
function lightBounds(measured: FrameMeasurements, { brightness, sideLight }: CapturePolicy): Bound[] {
  return [
    { code: 'tooDark', value: measured.faceBrightness, threshold: brightness.min, wrong: 'below' },
    { code: 'tooBright', value: measured.faceBrightness, threshold: brightness.max, wrong: 'above' },
    { code: 'tooBright', value: measured.clippedBright, threshold: brightness.clipped, wrong: 'above' },
    { code: 'sideLight', value: measured.sideLight, threshold: sideLight, wrong: 'above' },
  ];
}

/**
 * Distance and position in the ring. The picture is not mirrored: what is on its right is on the person's left, so a
 * face too far right has to move to its own right.
 */
function placeBounds({ faceHeight, offsetX, offsetY }: FrameMeasurements, policy: CapturePolicy): Bound[] {
  const { faceHeight: allowed, offset } = policy;
  return [
    { code: 'moveBack', value: faceHeight, threshold: allowed.max, wrong: 'above' },
    { code: 'moveCloser', value: faceHeight, threshold: allowed.min, wrong: 'below' },
    { code: 'moveRight', value: offsetX, threshold: offset.x, wrong: 'above' },
    { code: 'moveLeft', value: offsetX, threshold: -offset.x, wrong: 'below' },
    { code: 'moveUp', value: offsetY, threshold: offset.y, wrong: 'above' },
    { code: 'moveDown', value: offsetY, threshold: -offset.y, wrong: 'below' },
  ];
}

function poseBounds(measured: FrameMeasurements, policy: CapturePolicy): Bound[] {
  return [
    { code: 'lookStraight', value: measured.yaw, threshold: policy.yaw, wrong: 'above' },
    { code: 'lookStraight', value: measured.yaw, threshold: -policy.yaw, wrong: 'below' },
    { code: 'lookStraight', value: measured.pitch, threshold: policy.pitch.max, wrong: 'above' },
    { code: 'lookStraight', value: measured.pitch, threshold: policy.pitch.min, wrong: 'below' },
    { code: 'headUpright', value: measured.roll, threshold: policy.roll, wrong: 'above' },
    { code: 'headUpright', value: measured.roll, threshold: -policy.roll, wrong: 'below' },
    { code: 'openEyes', value: measured.eyeOpenness, threshold: policy.eyeOpenness, wrong: 'below' },
    { code: 'tooBlurred', value: measured.sharpness, threshold: policy.sharpness, wrong: 'below' },
    { code: 'holdStill', value: measured.motion, threshold: policy.motion, wrong: 'above' },
  ];
}
