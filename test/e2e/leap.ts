/**
 * For `page.addInitScript`: the page's timers fire as usual, and `window.leap()` fires those due within the time
 * it leaps over. So no deadline has to be so short that a slow machine misses it. Clocks do not leap, because pictures
 * have their own.
 */
export function allowLeaps(): void {
  const { setTimeout: set, clearTimeout: clear } = window;
  const timers = new Map<number, { at: number; ring: () => void }>();
  const take = (id: number) => {
    clear(id);
    timers.delete(id);
  };
  const given = (work: (...values: unknown[]) => void, milliseconds = 0, ...values: unknown[]) => {
    const ring = () => {
      take(id);
      work(...values);
    };
    const id = set(ring, milliseconds);
    timers.set(id, { at: performance.now() + milliseconds, ring });
    return id;
  };
  Object.assign(window, { setTimeout: given, clearTimeout: take });
  window.leap = (milliseconds) => {
    const until = performance.now() + milliseconds;
    const due = [...timers].filter(([, { at }]) => at <= until).sort(([, one], [, other]) => one.at - other.at);
    // A timer that fires may clear another one.
    for (const [id, { ring }] of due) if (timers.has(id)) ring();
  };
}

declare global {
  interface Window {
    leap(milliseconds: number): void;
  }
}
