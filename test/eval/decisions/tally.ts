/** Counts of decisions, and what ISO/IEC 30107-3 makes of them. */
import type { LivenessDecision } from '../../../src/protocol/wire.js';
import type { Rate } from './statistics.js';

/**
 * `refused`: the judge answered with a coded error, and nothing was decided. `ended`: of whole sessions, the element ended
 * the attempt and sent nothing.
 */
export type Outcome = LivenessDecision | 'refused' | 'ended';

export interface Tally {
  /** Of the attack; null: bona fide. */
  species: string | null;
  outcomes: Record<Outcome, number>;
  reasons: Map<string, number>;
}

export function emptyTally(species: string | null): Tally {
  return { species, outcomes: { realface: 0, uncertain: 0, spoofface: 0, refused: 0, ended: 0 }, reasons: new Map() };
}

export function count(tally: Tally, outcome: Outcome, reason: string): void {
  tally.outcomes[outcome]++;
  if (reason) tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
}

export function presentations({ outcomes }: Tally): number {
  return Object.values(outcomes).reduce((sum, next) => sum + next, 0);
}

/**
 * APCER of a species, or BPCER (ISO/IEC 30107-3:2023: the share of attack presentations of one species that are taken
 * for bona fide, and the share of bona fide ones that are taken for attacks). The standard knows two classes; an
 * integrator accepts `realface` alone, so `uncertain` and `spoofface` are one class here, and so is what the element ended.
 */
export function errorRate(tally: Tally): Rate {
  const { realface } = tally.outcomes;
  const of = presentations(tally) - tally.outcomes.refused;
  return { count: tally.species === null ? of - realface : realface, of };
}

/**
 * What is asked of the judge: of live people that they are accepted, of attacks that they are not, or even that they are
 * recognised; or nothing, where it is known that it cannot.
 */
export type Bar = 'accepted' | 'notAccepted' | 'recognised' | 'none';

/** Of every fifty. */
const MOST = 48 / 50;

/** @returns what falls short, in words */
export function shortcomings(tally: Tally, bar: Bar): string[] {
  const { realface, spoofface } = tally.outcomes;
  const of = presentations(tally);
  const least = Math.ceil(MOST * of);
  const what = `of ${of} runs of ${tally.species ?? 'bona fide'} are`;
  return [
    ...(bar === 'accepted' && realface < least ? [`${realface} ${what} realface, at least ${least} must be`] : []),
    ...(bar === 'accepted' && spoofface > 0 ? [`${spoofface} ${what} spoofface, none may be`] : []),
    ...((bar === 'notAccepted' || bar === 'recognised') && realface > 0
      ? [`${realface} ${what} realface, none may be`]
      : []),
    ...(bar === 'recognised' && spoofface < least ? [`${spoofface} ${what} spoofface, at least ${least} must be`] : []),
  ];
}
