/**
 * What is measured in one frame. Pure numbers: this is all that leaves the detector, all that a recording holds, and
 * all that guidance is decided from.
 */
import type { FaceRectangle, NamedPoints } from './geometry.js';

/** Measurements of the one face that guidance looks at. Angles in degrees, shares from 0 to 1. */
export interface FrameMeasurements {
  /** Height of the face over that of the ring: small is far away. */
  faceHeight: number;
  /** Centre of the face from the ring's, over the ring's width: positive is too far to the person's own left. */
  offsetX: number;
  /** The same downwards, over the ring's height: positive is too low. */
  offsetY: number;
  /** Width of the face over its height: about 0.75 from the front, and little less of a head that turns. */
  aspect: number;
  /** Head turned to the person's own left is positive. 0 looks into the camera. */
  yaw: number;
  /** Head raised is positive. The neutral value depends on where the camera stands. */
  pitch: number;
  /** Head tilted towards the person's own left shoulder is positive. */
  roll: number;
  /** Eye opening, height over width, mean of both eyes: about 0.28 to 0.38 open, below 0.2 shut. */
  eyeOpenness: number;
  /** Mouth opening, height over width: 0 closed. */
  mouthOpenness: number;
  /** Width of the mouth over the distance of the eyes: about 0.65 to 0.75 at rest, a quarter more in a broad smile. */
  mouthWidth: number;
  /** Variance of the Laplacian of the face at a fixed size, in per mille of its luma variance. Higher is sharper. */
  sharpness: number;
  /** Mean luma of the face, 0…1. */
  faceBrightness: number;
  /** Mean luma of the picture around the face, 0…1. */
  backgroundBrightness: number;
  /** Share of the face's pixels with a channel at its end: lost to light. */
  clippedBright: number;
  /** Share of the face's pixels with nothing in any channel: lost to darkness. */
  clippedDark: number;
  /** Difference in mean luma of the face's halves over their sum, 0…1. */
  sideLight: number;
  /** Movement of the face's centre since the last frame, in face widths per second. */
  motion: number;
}

/** Everything known about one analysed frame. */
export interface FrameAnalysis {
  /** Milliseconds on a clock that never goes back, and stands still while the page is hidden. */
  time: number;
  /** Pixels of the analysed picture. */
  frame: { width: number; height: number };
  /** Mean luma of the whole picture, 0…1. */
  brightness: number;
  /** Mean absolute change of luma since the last frame, 0…255. A live sensor is never exactly at 0: it has noise. */
  change: number;
  /** Faces found; only the largest is measured. */
  faceCount: number;
  face: FaceRectangle | null;
  points: NamedPoints | null;
  measurements: FrameMeasurements | null;
}
