/** Every pair of faces, and what the comparison makes of it. */
import { identityDistance, matchConfidence } from '../../../../demo/server/judge/default/match.js';
import type { Rate } from '../statistics.js';
import type { Face } from './faces.js';

export interface Pair {
  a: Face;
  b: Face;
  isSamePerson: boolean;
  /** Whether they were taken at one occasion. */
  isSameSitting: boolean;
  distance: number;
  isMatch: boolean;
}

/** Where a session names no other `verifyConfidenceThreshold`. */
export const THRESHOLD = 0.5;

/** All but those of whom nobody knows whether they are one person. */
export function allPairs(faces: readonly Face[]): Pair[] {
  return faces.flatMap((a, index) =>
    faces.slice(index + 1).flatMap((b) => {
      if (a.inGroup && b.inGroup && a.sitting !== b.sitting) return [];
      const distance = identityDistance(a.identity, b.identity);
      const isMatch = matchConfidence(distance) >= THRESHOLD;
      const isSamePerson = a.person === b.person;
      return [{ a, b, isSamePerson, isSameSitting: a.sitting === b.sitting, distance, isMatch }];
    }),
  );
}

/** FMR: share of pairs of two people that match (ISO/IEC 19795-1). */
export function falseMatches(pairs: readonly Pair[]): Rate {
  const different = pairs.filter(({ isSamePerson }) => !isSamePerson);
  return { count: different.filter(({ isMatch }) => isMatch).length, of: different.length };
}

/** FNMR: share of pairs of one person that do not. */
export function falseNonMatches(pairs: readonly Pair[]): Rate {
  const same = pairs.filter(({ isSamePerson }) => isSamePerson);
  return { count: same.filter(({ isMatch }) => !isMatch).length, of: same.length };
}
