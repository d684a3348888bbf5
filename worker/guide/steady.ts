/**
 * Decides what is shown, as opposed to what was just found: guidance is shown only after frames have called for it for
 * some time, stays long enough to be read, and is worded differently if it does not help. Pure.
 */
import type { Guidance, GuidanceCode } from '../../src/protocol/guidance.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';

/** Guidance for what was just found in a frame, or for a motion that is asked for. */
export type Called = Omit<Guidance, 'escalation'>;

export interface SteadyState {
  shown: Guidance | null;
  shownSince: number;
  /** The code that is called for but not shown yet, and since when. */
  waiting: GuidanceCode | null;
  waitingSince: number;
  /** Since when something other than the shown guidance has been called for. */
  staleSince: number | null;
}

/** Nothing is shown yet. The first call has to settle like any other: the first pictures of a camera are often black. */
export const STEADY_START: SteadyState = {
  shown: null,
  shownSince: 0,
  waiting: null,
  waitingSince: 0,
  staleSince: null,
};

/** Nothing is shown, and whatever is called for first is shown at once. */
export const STEADY_AT_ONCE: SteadyState = { ...STEADY_START, staleSince: -Infinity };

/** @param time milliseconds, increasing */
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
  // Two alternating corrections would never settle; that must not keep outdated guidance on screen.
  const stale = time - staleSince >= 2 * policy.settleMs;
  const settled = stale || time - waitingSince >= policy.settleMs;
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
