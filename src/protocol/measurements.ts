/**
 * What is measured in one frame. Only numbers: nothing else leaves the detector, is recorded, or decides the guidance.
 */
import type { FaceRectangle, NamedPoints } from './geometry.js';

/** Measurements of the one face that guidance looks at. Angles in degrees, shares from 0 to 1. */
export interface FrameMeasurements {
  /**
   * Height of the face divided by that of the ring in the middle of the picture: small means far away.
   * @unit share of the ring
   */
  faceHeight: number;
  /**
   * Horizontal distance of the face's centre from that of the ring, divided by the ring's width: positive is too far to
   * the person's own left.
   * @unit share of the ring
   */
  offsetX: number;
  /**
   * Vertical distance, divided by the ring's height: positive is too low.
   * @unit share of the ring
   */
  offsetY: number;
  /**
   * Width of the face divided by its height: about 0.75 from the front, and little less when the head turns.
   * @unit width over height
   */
  aspect: number;
  /**
   * Head turned to the person's own left is positive. 0 looks into the camera.
   * @unit degrees, −180 to 180
   */
  yaw: number;
  /**
   * Head raised is positive. The neutral value depends on where the camera stands.
   * @unit degrees, −90 to 90
   */
  pitch: number;
  /**
   * Head tilted towards the person's own left shoulder is positive.
   * @unit degrees, −180 to 180
   */
  roll: number;
  /**
   * Eye opening, mean of both eyes: about 0.28 to 0.38 open, below 0.2 shut.
   * @unit height over width
   */
  eyeOpenness: number;
  /**
   * Mouth opening: 0 closed.
   * @unit height over width
   */
  mouthOpenness: number;
  /**
   * Width of the mouth: about 0.65 to 0.75 at rest, a quarter more in a broad smile.
   * @unit eye distances
   */
  mouthWidth: number;
  /**
   * Variance of the Laplacian of the face at a fixed size, in per mille of its luma variance. Higher is sharper.
   * @unit per mille
   */
  sharpness: number;
  /**
   * Mean luma (Rec. 601) of the face.
   * @unit luma, 0 to 1
   */
  faceBrightness: number;
  /**
   * Mean luma of the picture around the face.
   * @unit luma, 0 to 1
   */
  backgroundBrightness: number;
  /**
   * Share of the face's pixels whose strongest channel is 250 or more, of 255: overexposed.
   * @unit share, 0 to 1
   */
  clippedBright: number;
  /**
   * Share of the face's pixels whose strongest channel is 16 or less: underexposed.
   * @unit share, 0 to 1
   */
  clippedDark: number;
  /**
   * Difference in mean luma between the left and right half of the face, divided by their sum.
   * @unit share, 0 to 1
   */
  sideLight: number;
  /**
   * Movement of the face's centre since the last frame that was analysed; 0 in the first.
   * @unit face widths per second
   */
  motion: number;
}

/** Everything known about one analysed frame. */
export interface FrameAnalysis {
  /** Milliseconds on a monotonic clock that stops while the page is hidden. */
  time: number;
  /** Pixels of the analysed picture. */
  frame: { width: number; height: number };
  /** Mean luma of the whole picture, 0…1. */
  brightness: number;
  /**
   * Mean absolute change of luma since the last frame, 0…255. A live sensor is never exactly at 0, because it has
   * noise.
   */
  change: number;
  /** Faces found; only the largest is measured. */
  faceCount: number;
  face: FaceRectangle | null;
  points: NamedPoints | null;
  measurements: FrameMeasurements | null;
}
