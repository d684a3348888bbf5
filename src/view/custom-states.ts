import type { StateName } from '../session/state.js';

/**
 * Lets pages style the element by its state, as `:state(framing)`. Never throws.
 *
 * @returns marks another state
 */
export function customStates(element: HTMLElement): (now: StateName) => void {
  // Missing in older engines, and where a DOM is only simulated.
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
