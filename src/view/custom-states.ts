import type { StateName } from '../session/state.js';

/** Lets pages style the element by its state, as `:state(framing)`. Idle has none. Never throws. */
export function markState(internals: ElementInternals, before: StateName, now: StateName): void {
  try {
    internals.states.delete(before);
    if (now !== 'idle') internals.states.add(now);
  } catch {
    // Older engines have no custom states, or accept only names that begin with two dashes.
  }
}
