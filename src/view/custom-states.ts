import type { StateName } from '../session/state.js';

/**
 * Lets pages style the element by its state, as `:state(framing)`. Never throws.
 *
 * @returns a function that marks another state
 */
export function customStates(element: HTMLElement): (now: StateName) => void {
  // `attachInternals` is missing in older engines and in simulated DOMs.
  const internals = (element as Partial<HTMLElement>).attachInternals?.();
  const mark = (now: StateName) => {
    try {
      internals?.states.clear();
      internals?.states.add(now);
    } catch {
      // Older engines have no custom states, or accept only names that begin with two dashes.
    }
  };
  mark('idle');
  return mark;
}
