import { overlay, type Parts } from './overlay.js';

/**
 * Every threshold of the capture. `DEFAULT_POLICY` has the default values; an integrator overrides any of them through
 * the element's `policy` property. `docs/policy.md` is generated from this.
 */
export interface CapturePolicy {
  /**
   * Height of the face divided by the height of the ring: below `min`, `moveCloser`; above `max`, `moveBack`.
   * @unit share of the ring
   */
  faceHeight: { min: number; max: number };
  /**
   * Distance of the face's centre from that of the ring, divided by the ring's width and height: beyond it, `moveLeft`,
   * `moveRight`, `moveUp` or `moveDown`.
   * @unit share of the ring
   */
  offset: { x: number; y: number };
  /**
   * Head turned further than this to a side: `lookStraight`.
   * @unit degrees
   */
  yaw: number;
  /**
   * Head lowered or raised further than this: `lookStraight`. The range is wide, because cameras stand above and below
   * the eyes.
   * @unit degrees
   */
  pitch: { min: number; max: number };
  /**
   * Head tilted further than this: `headUpright`.
   * @unit degrees
   */
  roll: number;
  /**
   * Eyes less open than this count as shut: `openEyes`. After help was offered, the check is dropped: some eyes do not
   * open further.
   * @unit height over width of the eye
   */
  eyeOpenness: number;
  /**
   * Eyes shut for less than this are a blink, which needs no correction.
   * @unit ms
   */
  blinkMs: number;
  /**
   * Mean luma of the face: below `min`, `tooDark`; above `max`, or if more than the share `clipped` of the face is
   * overexposed, `tooBright`.
   * @unit luma and share, 0 to 1
   */
  brightness: { min: number; max: number; clipped: number };
  /**
   * Difference in mean luma between the halves of the face, divided by their sum: above it, `sideLight`.
   * @unit share, 0 to 1
   */
  sideLight: number;
  /**
   * Variance of the Laplacian of the face at a fixed size, divided by its luma variance: below it, `tooBlurred`.
   * @unit per mille
   */
  sharpness: number;
  /**
   * Speed of the face's centre: above it, `holdStill`.
   * @unit face widths per second
   */
  motion: number;
  /**
   * A second face smaller than this share of the first counts as a bystander and is ignored; a larger one is
   * `severalFaces`.
   * @unit share of the first face's width
   */
  bystander: number;
  hold: {
    /**
     * How long all checks must pass; pictures are taken meanwhile.
     * @unit ms
     */
    ms: number;
    /**
     * An interruption of up to this long pauses the hold without restarting it.
     * @unit ms
     */
    graceMs: number;
    /**
     * Number of pictures of the hold that are sent, spread over its duration.
     * @unit pictures
     */
    frames: number;
  };
  turn: {
    /**
     * A turn to a side counts from this angle away from the person's own frontal pose.
     * @unit degrees
     */
    yaw: number;
    /**
     * The same for turns up and down.
     * @unit degrees
     */
    pitch: number;
    /**
     * Within this angle of the frontal pose, the head is back at the centre.
     * @unit degrees
     */
    frontal: number;
    /**
     * A smile counts if the mouth is wider than in the frontal pose by this share of its width there.
     * @unit share
     */
    smile: number;
    /**
     * Width over height of the face, relative to the frontal pose: a head that turns nearly keeps it, while a flat
     * picture that is tilted becomes narrow or low. Outside this range no turn counts.
     * @unit ratio
     */
    aspect: { min: number; max: number };
    /**
     * How long a turn must be held.
     * @unit ms
     */
    ms: number;
    /**
     * Time for one turn, including the return; after it the attempt fails with `HeadTurnNotPerformed` or
     * `SmileNotPerformed`.
     * @unit ms
     */
    limitMs: number;
    /**
     * Number of pictures sent from the end of each turn. One picture from the way there is sent too.
     * @unit pictures
     */
    frames: number;
  };
  guidance: {
    /**
     * A correction is shown after the frames have called for it for this long.
     * @unit ms
     */
    settleMs: number;
    /**
     * Minimum time for which guidance stays on screen.
     * @unit ms
     */
    showMs: number;
    /**
     * Margin by which a threshold must be cleared before its correction disappears.
     * @unit share of the bound
     */
    hysteresis: number;
    /**
     * A correction that has not helped for this long is worded differently; after twice that, help is offered.
     * @unit ms
     */
    escalateMs: number;
  };
  /**
   * How long the light may be unsuitable. After that, a person who is in view is offered head turns (PassiveActive), or
   * the attempt fails (Passive).
   * @unit ms
   */
  lightMs: { passive: number; passiveActive: number };
  /**
   * Only black pictures, pictures without sensor noise, or none at all, for this long: `cameraStalled`.
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

/** Any subset of a policy, at any depth. */
export type PolicyOverrides = Parts<CapturePolicy>;

/** @returns the defaults, overridden by `overrides` */
export function resolvePolicy(overrides: PolicyOverrides = {}): CapturePolicy {
  return overlay(DEFAULT_POLICY, overrides);
}
