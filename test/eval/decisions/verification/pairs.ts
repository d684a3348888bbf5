/** Compares every pair of faces. */
import { identityDistance, matchConfidence } from '../../../../demo/server/judge/default/match.js';
import type { Rate } from '../statistics.js';
import type { Face } from './faces.js';

export interface Pair {
  a: Face;
  b: Face;
  isSamePerson: boolean;
  /** Whether both were taken on one occasion. */
  isSameSitting: boolean;
  distance: number;
  isMatch: boolean;
}

/** The default of `verifyConfidenceThreshold`. */
export const THRESHOLD = 0.5;

/** @returns all pairs, except those that may or may not show one person: faces in two group photographs */
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

/** FNMR: share of pairs of one person that do not match. */
export function falseNonMatches(pairs: readonly Pair[]): Rate {
  const same = pairs.filter(({ isSamePerson }) => isSamePerson);
  return { count: same.filter(({ isMatch }) => !isMatch).length, of: same.length };
}

const LEAST_MATCHED = 0.95;

/** @param faceless names of pictures in which no face was found @returns the bars that were not met, in words */
export function shortcomings(faceless: readonly string[], pairs: readonly Pair[]): string[] {
  const [fmr, fnmr] = [falseMatches(pairs), falseNonMatches(pairs)];
  return [
    ...faceless.map((name) => `${name} shows no face, every picture must`),
    ...(fmr.of === 0 ? ['there are no pairs of two people'] : []),
    ...(fnmr.of === 0 ? ['there are no pairs of one person'] : []),
    ...(fmr.count > 0 ? [`${fmr.count} false matches, none may be`] : []),
    ...(fnmr.count > (1 - LEAST_MATCHED) * fnmr.of
      ? [`${fnmr.count} of ${fnmr.of} pairs of one person do not match, at most 5 % may`]
      : []),
  ];
}
