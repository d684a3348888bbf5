/**
 * What is shown, as opposed to what was just found: nothing changes before it has been called for some time, nothing
 * goes before it could be read, and what does not help is said differently. Pure.
 */
import type { Guidance, GuidanceCode } from '../../src/protocol/guidance.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';

/** What was just found, or is asked for. */
export type Called = Omit<Guidance, 'escalation'>;

export interface SteadyState {
  shown: Guidance | null;
  shownSince: number;
  /** What is called for instead, and since when. */
  waiting: GuidanceCode | null;
  waitingSince: number;
  /** Since when what is shown is no longer called for. */
  staleSince: number | null;
}

export const STEADY_START: SteadyState = {
  shown: null,
  shownSince: 0,
  waiting: null,
  waitingSince: 0,
  staleSince: null,
};

/** @param time milliseconds, growing */
export function steady(
  state: SteadyState,
  called: Called,
  time: number,
  policy: CapturePolicy['guidance'],
): SteadyState {
  const { shown, shownSince } = state;
  if (shown?.code === called.code) {
    const escalation = escalationAfter(time - shownSince, policy.escalateMs);
    return { ...state, shown: { ...called, escalation }, waiting: null, staleSince: null };
  }
  const waitingSince = state.waiting === called.code ? state.waitingSince : time;
  const staleSince = state.staleSince ?? time;
  // Two corrections that take turns never settle; what is wrong by now must not stay for their sake.
  const stale = time - staleSince >= 2 * policy.settleMs;
  const settled = !shown || stale || time - waitingSince >= policy.settleMs;
  const read = !shown || time - shownSince >= policy.showMs;
  if (settled && read) {
    return { ...STEADY_START, shown: { ...called, escalation: 0 }, shownSince: time };
  }
  return { ...state, waiting: called.code, waitingSince, staleSince };
}

function escalationAfter(milliseconds: number, escalateMs: number): Guidance['escalation'] {
  if (milliseconds >= 2 * escalateMs) return 2;
  return milliseconds >= escalateMs ? 1 : 0;
}
