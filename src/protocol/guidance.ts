/**
 * The closed vocabulary of guidance: what a person is told, one thing at a time. Directions are the person's own: in a
 * mirrored preview the person's left is also the left of the screen.
 */
import { ACTIVE_MOTIONS, type ActiveMotion } from './wire.js';

/** Corrections, in the order in which they matter: the first that applies is the one shown. */
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
  // Before the turned head, because a tilted one also measures as turned.
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
 * - a head turn: turn now; or the way back, where `returnToCentre` has not helped for half of a turn's time;
 * - `returnToCentre`: look into the camera: before the first turn, and again after each;
 * - `smile`: smile now;
 * - `relaxMouth`: who smiles already cannot begin to: stop for a moment;
 * - `wrongWay`: the head turns another way than asked;
 * - `cameraStalled`: the camera delivers no new pictures, or only black ones;
 * - `rotateBack`: the device was turned in the middle of a step.
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

/** One piece of guidance, with the figure behind it. */
export interface Guidance {
  /** One of `GUIDANCE`. */
  code: GuidanceCode;
  /** What was measured, in the unit of its threshold; absent where no number is behind it. */
  value?: number;
  /** The bound it missed. */
  threshold?: number;
  /** 0: just shown. 1: it has not helped for some seconds, say it differently. 2: offer help. */
  escalation: 0 | 1 | 2;
}

/** How far an asked head turn, or smile, has come. */
export interface TurnProgress {
  /** The person's own: `lookLeft` is to their left; or `smile`. */
  direction: ActiveMotion;
  /** 0 at rest, 1 far enough; negative the wrong way. */
  share: number;
  /** Position of this motion among those asked, counting from 0. */
  index: number;
  /** How many are asked. */
  count: number;
}

/** Of the motions, what was not done in time. Who has still to look into the camera was not asked to smile yet. */
export function notPerformed(
  turn: TurnProgress | null,
  guidance: Guidance | null,
): 'SmileNotPerformed' | 'HeadTurnNotPerformed' {
  const isSmile = turn?.direction === 'smile' || guidance?.code === 'relaxMouth';
  return isSmile ? 'SmileNotPerformed' : 'HeadTurnNotPerformed';
}
