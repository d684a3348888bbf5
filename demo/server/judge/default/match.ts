/** Whether two faces are one person's. */
import type { FaceFacts } from './analysis.js';

/** Euclidean distance at which it is even odds; `docs/decisions.md` has what was measured on each side of it. */
export const MATCH_DISTANCE = 0.52;

/** How far the distance may be from there until the confidence is nearly 0 or 1. */
const SOFTNESS = 0.04;

export function identityDistance(a: FaceFacts['identity'], b: FaceFacts['identity']): number {
  return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)));
}

/** @returns 0…1, and 0.5 at `MATCH_DISTANCE`. It grows as faces are more alike; it is no probability. */
export function matchConfidence(distance: number): number {
  return 1 / (1 + Math.exp((distance - MATCH_DISTANCE) / SOFTNESS));
}
