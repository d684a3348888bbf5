/**
 * The closed vocabulary of guidance: what a person is told, one thing at a time. Directions are the person's own: in a
 * mirrored preview the person's left is also the left of the screen.
 */
import { ACTIVE_MOTIONS, type ActiveMotion } from './wire.js';

/** Corrections in order of importance: the first that applies is shown. */
export const CORRECTIONS = [
  'noFace',
  'severalFaces',
  'tooDark',
  'tooBright',
  'moveBack',
  'moveCloser',
  'moveLeft',
  'moveRight',
  'moveUp',
  'moveDown',
  // Before `lookStraight`, because a tilted head also measures as turned.
  'headUpright',
  'lookStraight',
  'openEyes',
  'sideLight',
  'tooBlurred',
  'holdStill',
] as const;
export type Correction = (typeof CORRECTIONS)[number];

/**
 * Everything that can be asked or told while the camera is open.
 * - a correction: the frame is not good enough, and this is what helps most;
 * - `holding`: all is well, stay like this; pictures are being taken;
 * - a head turn: turn this way now; also the way back to the camera, if `returnToCentre` has not helped for half of
 *   `turn.limitMs`;
 * - `returnToCentre`: look into the camera, before the first turn and after each;
 * - `smile`: smile now;
 * - `relaxMouth`: stop smiling for a moment, since the smile has to begin from a mouth at rest;
 * - `wrongWay`: the head turns in another direction than asked;
 * - `cameraStalled`: the camera delivers no new pictures, or only black ones;
 * - `rotateBack`: the device was rotated after guidance began; not used during head turns.
 */
export const GUIDANCE = [
  ...CORRECTIONS,
  'holding',
  ...ACTIVE_MOTIONS,
  'relaxMouth',
  'returnToCentre',
  'wrongWay',
  'cameraStalled',
  'rotateBack',
] as const;
export type GuidanceCode = (typeof GUIDANCE)[number];

/** One piece of guidance, with the measurement behind it. */
export interface Guidance {
  /** One of `GUIDANCE`. */
  code: GuidanceCode;
  /** The measured value, in the unit of its threshold; absent if there is no number. */
  value?: number;
  /** The threshold that the value missed. */
  threshold?: number;
  /** 0: just shown. 1: it has not helped for some seconds, so it is worded differently. 2: offer help as well. */
  escalation: 0 | 1 | 2;
}

/** Progress of the head turn, or smile, that is asked for. */
export interface TurnProgress {
  /** The motion. Directions are the person's own: `lookLeft` is to their left. */
  direction: ActiveMotion;
  /** 0 at rest, 1 far enough; negative in the opposite direction. */
  share: number;
  /** Position of this motion among those asked for, counting from 0. */
  index: number;
  /** Number of motions asked for. */
  count: number;
}

/**
 * @returns the error code for a motion that was not performed in time: that of the smile only once the person was asked
 * for it, since before that they have to look into the camera
 */
export function notPerformed(
  turn: TurnProgress | null,
  guidance: Guidance | null,
): 'SmileNotPerformed' | 'HeadTurnNotPerformed' {
  const isSmile = turn?.direction === 'smile' || guidance?.code === 'relaxMouth';
  return isSmile ? 'SmileNotPerformed' : 'HeadTurnNotPerformed';
}
