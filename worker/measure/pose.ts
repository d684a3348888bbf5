/** Head pose in degrees, in the person's own directions. */
import type { FrameMeasurements } from '../../src/protocol/measurements.js';

export type Pose = Pick<FrameMeasurements, 'yaw' | 'pitch' | 'roll'>;

const DEGREES = 180 / Math.PI;

/** @param matrix MediaPipe's facial transformation matrix: 16 numbers, column by column */
export function poseOf(matrix: readonly number[]): Pose {
  const rotation = (row: number, column: number): number => matrix[4 * column + row] ?? 0;
  return {
    yaw: Math.atan2(rotation(0, 2), rotation(2, 2)) * DEGREES,
    pitch: Math.asin(Math.max(-1, Math.min(1, rotation(1, 2)))) * DEGREES,
    roll: -Math.atan2(rotation(1, 0), rotation(1, 1)) * DEGREES,
  };
}
