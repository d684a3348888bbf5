/**
 * How well a face is suited for comparison. A rule of thumb, not a calibrated measure: enough pixels between the eyes,
 * a face towards the camera, neither dark nor overexposed, not blurred.
 */
import type { VerifyImageFace } from '../judge.js';
import type { FaceFacts } from './analysis.js';

type Quality = VerifyImageFace['qualityForRecognition'];

interface Demands {
  /** Least number of pixels between the eyes. */
  interocular: number;
  /** Largest angles, in degrees. */
  yaw: number;
  pitch: number;
  roll: number;
  brightness: { min: number; max: number };
  /**
   * Least sharpness, as in `FrameMeasurements`: frames of two webcams and thirty portraits had 70 and more, blurred
   * versions of them under 20.
   */
  sharpness: number;
}

const HIGH: Demands = {
  interocular: 60,
  yaw: 15,
  pitch: 25,
  roll: 25,
  brightness: { min: 0.2, max: 0.85 },
  sharpness: 30,
};
const MEDIUM: Demands = {
  interocular: 30,
  yaw: 25,
  pitch: 35,
  roll: 40,
  brightness: { min: 0.1, max: 0.92 },
  sharpness: 6,
};

export function qualityForRecognition(face: FaceFacts): Quality {
  return meets(face, HIGH) ? 'high' : meets(face, MEDIUM) ? 'medium' : 'low';
}

function meets({ points, pose, brightness, sharpness }: FaceFacts, demands: Demands): boolean {
  const { leftEye, rightEye } = points;
  return (
    Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y) >= demands.interocular &&
    Math.abs(pose.yaw) <= demands.yaw &&
    Math.abs(pose.pitch) <= demands.pitch &&
    Math.abs(pose.roll) <= demands.roll &&
    brightness >= demands.brightness.min &&
    brightness <= demands.brightness.max &&
    sharpness >= demands.sharpness
  );
}
