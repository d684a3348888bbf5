import { overlay } from './overlay.js';

/**
 * Every threshold of the capture, in one place. The defaults are written beside each; an integrator sets any of them
 * through the element's `policy` property. Lengths are shares of the ring's box in the picture, angles are degrees,
 * times are milliseconds, brightness is luma from 0 to 1.
 */
export interface CapturePolicy {
  /** Height of the face over the height of the ring. */
  faceHeight: { min: number; max: number };
  /** Distance of the face's centre from the ring's, over the ring's width and height. */
  offset: { x: number; y: number };
  /** Turned away beyond these: `lookStraight`. Pitch is wide because cameras stand above and below the eyes. */
  yaw: number;
  pitch: { min: number; max: number };
  /** Tilted beyond this: `headUpright`. */
  roll: number;
  /** Eyes below this opening count as shut; a blink shorter than `blinkMs` is no correction. */
  eyeOpenness: number;
  blinkMs: number;
  /** Face darker than `min`: `tooDark`; brighter than `max`, or with more than `clipped` of it white: `tooBright`. */
  brightness: { min: number; max: number; clipped: number };
  /** Imbalance of the face's halves above this: `sideLight`. */
  sideLight: number;
  /** Sharpness below this: `tooBlurred`. */
  sharpness: number;
  /** Faster than this, in face widths per second: `holdStill`. */
  motion: number;
  /** A second face smaller than this share of the first is a bystander far behind, and ignored. */
  bystander: number;
  hold: {
    /** All must be well for this long; pictures are taken meanwhile. */
    ms: number;
    /** A lapse up to this long pauses the hold and does not restart it. */
    graceMs: number;
    /** Pictures kept of the hold, spread over it. */
    frames: number;
  };
  turn: {
    /** A turn counts from this far away from the person's own frontal pose. */
    yaw: number;
    pitch: number;
    /** Back to frontal within this. */
    frontal: number;
    /**
     * Width over height of the face, against that of the frontal pose: a head that turns keeps it nearly, a flat picture
     * that is tilted gets narrow or low. Outside of these nothing counts.
     */
    aspect: { min: number; max: number };
    /** It must be held this long. */
    ms: number;
    /** Time for one turn, the return included; past half of it comes a nudge. */
    limitMs: number;
    /** Pictures kept of each turn. */
    frames: number;
  };
  guidance: {
    /** A correction must be called for this long before it is shown. */
    settleMs: number;
    /** What is shown stays at least this long. */
    showMs: number;
    /** The share by which a bound must be cleared before its correction goes away again. */
    hysteresis: number;
    /** A correction that has not helped for this long is said differently; after twice that, help is offered. */
    escalateMs: number;
  };
  /** Light unsuitable for this long: the head turns are offered (PassiveActive) or the attempt ends (Passive). */
  lightMs: { passive: number; passiveActive: number };
  /** No new picture for this long: `cameraStalled`. */
  stallMs: number;
}

export const DEFAULT_POLICY: CapturePolicy = {
  faceHeight: { min: 0.42, max: 0.82 },
  offset: { x: 0.16, y: 0.16 },
  yaw: 8,
  pitch: { min: -22, max: 26 },
  roll: 16,
  eyeOpenness: 0.21,
  blinkMs: 500,
  brightness: { min: 0.2, max: 0.82, clipped: 0.2 },
  sideLight: 0.4,
  sharpness: 20,
  motion: 0.9,
  bystander: 0.3,
  hold: { ms: 900, graceMs: 250, frames: 6 },
  turn: { yaw: 8, pitch: 8, frontal: 5, aspect: { min: 0.85, max: 1.2 }, ms: 120, limitMs: 12_000, frames: 2 },
  guidance: { settleMs: 200, showMs: 700, hysteresis: 0.1, escalateMs: 5_000 },
  lightMs: { passive: 20_000, passiveActive: 4_000 },
  stallMs: 2_500,
};

/** Any part of a policy, to any depth. */
export type PolicyOverrides = { [Key in keyof CapturePolicy]?: Partial<CapturePolicy[Key]> | CapturePolicy[Key] };

/** @returns the defaults with `overrides` laid over them. */
export function resolvePolicy(overrides: PolicyOverrides = {}): CapturePolicy {
  return overlay(DEFAULT_POLICY, overrides);
}
