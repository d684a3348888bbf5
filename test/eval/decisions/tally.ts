/** Counts of decisions, and the error rates of ISO/IEC 30107-3. */
import type { LivenessDecision } from '../../../src/protocol/wire.js';
import type { Rate } from './statistics.js';

/**
 * `refused`: the judge answered with an error code and made no decision. `ended`: in a whole session, the element ended
 * the attempt and sent nothing.
 */
export type Outcome = LivenessDecision | 'refused' | 'ended';

export interface Tally {
  /** The attack's species; null: bona fide. */
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
 * APCER of a species, or BPCER (ISO/IEC 30107-3:2023: the share of attack presentations of one species that are
 * classified as bona fide, and the share of bona fide ones that are classified as attacks). The standard has two
 * classes. An integrator accepts only `realface`, so `uncertain`, `spoofface` and sessions that the element ended are
 * one class here.
 */
export function errorRate(tally: Tally): Rate {
  const { realface } = tally.outcomes;
  const of = presentations(tally) - tally.outcomes.refused;
  return { count: tally.species === null ? of - realface : realface, of };
}

/**
 * What the judge has to do: accept live people, not accept an attack, or even recognise it as one. `none`: nothing is
 * required, because the judge is known to be unable.
 */
export type Bar = 'accepted' | 'notAccepted' | 'recognised' | 'none';

/** Share of the presentations for which `accepted` or `recognised` has to hold. */
const MOST = 48 / 50;

/** @returns what is required by `bar` but not met, in words */
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
