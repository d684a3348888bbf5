import { overlay, type Parts } from './overlay.js';

/**
 * Every threshold of the capture, in one place; `DEFAULT_POLICY` has their values, and an integrator sets any of them
 * through the element's `policy` property. `docs/policy.md` is made from this.
 */
export interface CapturePolicy {
  /**
   * Height of the face over the height of the ring: below `min` `moveCloser`, above `max` `moveBack`.
   * @unit share of the ring
   */
  faceHeight: { min: number; max: number };
  /**
   * Distance of the face's centre from the ring's, over its width and height: beyond, `moveLeft`, `moveRight`, `moveUp`,
   * `moveDown`.
   * @unit share of the ring
   */
  offset: { x: number; y: number };
  /**
   * Turned further to a side: `lookStraight`.
   * @unit degrees
   */
  yaw: number;
  /**
   * Lowered or raised further: `lookStraight`. Wide, because cameras stand above and below the eyes.
   * @unit degrees
   */
  pitch: { min: number; max: number };
  /**
   * Tilted further: `headUpright`.
   * @unit degrees
   */
  roll: number;
  /**
   * Eyes less open count as shut: `openEyes`. Once help was offered, it goes on without: some eyes do not open further.
   * @unit height over width of the eye
   */
  eyeOpenness: number;
  /**
   * Eyes shut for less are a blink, and no correction.
   * @unit ms
   */
  blinkMs: number;
  /**
   * Mean luma of the face: below `min` `tooDark`, above `max`, or with more than the share `clipped` of it white, `tooBright`.
   * @unit luma and share, 0 to 1
   */
  brightness: { min: number; max: number; clipped: number };
  /**
   * Difference in mean luma of the face's halves over their sum: above, `sideLight`.
   * @unit share, 0 to 1
   */
  sideLight: number;
  /**
   * Variance of the Laplacian of the face at a fixed size, over its luma variance: below, `tooBlurred`.
   * @unit per mille
   */
  sharpness: number;
  /**
   * Movement of the face's centre: faster, `holdStill`.
   * @unit face widths per second
   */
  motion: number;
  /**
   * A second face smaller than this share of the first is a bystander far behind, and ignored; a larger one is
   * `severalFaces`.
   * @unit share of the first face's width
   */
  bystander: number;
  hold: {
    /**
     * All must be well for this long; pictures are taken meanwhile.
     * @unit ms
     */
    ms: number;
    /**
     * A lapse up to this long pauses the hold and does not restart it.
     * @unit ms
     */
    graceMs: number;
    /**
     * Pictures sent of the hold, spread over it.
     * @unit pictures
     */
    frames: number;
  };
  turn: {
    /**
     * A turn to a side counts from this far away from the person's own frontal pose.
     * @unit degrees
     */
    yaw: number;
    /**
     * The same up and down.
     * @unit degrees
     */
    pitch: number;
    /**
     * Back to frontal within this.
     * @unit degrees
     */
    frontal: number;
    /**
     * A smile counts where the mouth is wider than in the frontal pose by this share of its width there.
     * @unit share
     */
    smile: number;
    /**
     * Width over height of the face, against that of the frontal pose: a head that turns keeps it nearly, a flat picture
     * that is tilted gets narrow or low. Outside of these nothing counts.
     * @unit ratio
     */
    aspect: { min: number; max: number };
    /**
     * It must be held this long.
     * @unit ms
     */
    ms: number;
    /**
     * Time for one turn, the return included; past it the attempt fails with `HeadTurnNotPerformed` or `SmileNotPerformed`.
     * @unit ms
     */
    limitMs: number;
    /**
     * Pictures sent of each turn.
     * @unit pictures
     */
    frames: number;
  };
  guidance: {
    /**
     * A correction must be called for this long before it is shown.
     * @unit ms
     */
    settleMs: number;
    /**
     * What is shown stays at least this long.
     * @unit ms
     */
    showMs: number;
    /**
     * The share by which a bound must be cleared before its correction goes away again.
     * @unit share of the bound
     */
    hysteresis: number;
    /**
     * A correction that has not helped for this long is said differently; after twice that, help is offered.
     * @unit ms
     */
    escalateMs: number;
  };
  /**
   * Light unsuitable for this long: whoever is seen is offered head turns (PassiveActive), or the attempt ends (Passive).
   * @unit ms
   */
  lightMs: { passive: number; passiveActive: number };
  /**
   * Only black pictures, or ones without the noise of a sensor, for this long: `cameraStalled`.
   * @unit ms
   */
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
  turn: {
    yaw: 8,
    pitch: 8,
    frontal: 5,
    smile: 0.15,
    aspect: { min: 0.85, max: 1.2 },
    ms: 120,
    limitMs: 12_000,
    frames: 2,
  },
  guidance: { settleMs: 200, showMs: 700, hysteresis: 0.1, escalateMs: 5_000 },
  lightMs: { passive: 20_000, passiveActive: 4_000 },
  stallMs: 2_500,
};

/** Any part of a policy, to any depth. */
export type PolicyOverrides = Parts<CapturePolicy>;

/** @returns the defaults with `overrides` laid over them. */
export function resolvePolicy(overrides: PolicyOverrides = {}): CapturePolicy {
  return overlay(DEFAULT_POLICY, overrides);
}
