/** Whether two faces belong to the same person. */
import type { FaceFacts } from './analysis.js';

/** Euclidean distance at which the confidence is 0.5; `docs/decisions.md` has the measurements on both sides of it. */
export const MATCH_DISTANCE = 0.52;

/** How quickly the confidence approaches 0 or 1 as the distance moves away from `MATCH_DISTANCE`. */
const SOFTNESS = 0.04;

export function identityDistance(a: FaceFacts['identity'], b: FaceFacts['identity']): number {
  return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)));
}

/**
 * @returns 0…1, and 0.5 at `MATCH_DISTANCE`. It is higher the more alike the faces are, but it is not a probability.
 */
export function matchConfidence(distance: number): number {
  return 1 / (1 + Math.exp((distance - MATCH_DISTANCE) / SOFTNESS));
}
