/** Vibration patterns, in milliseconds on and off, that a person can tell apart without looking. */
import type { GuidanceCode } from '../protocol/guidance.js';
import { isNews } from '../session/events-of.js';
import type { SessionState } from '../session/state.js';

type Pattern = readonly number[];

const LEFT = [60];
const RIGHT = [60, 90, 60];
const UP = [60, 90, 60, 90, 60];
const DOWN = [60, 90, 60, 90, 60, 90, 60];

/**
 * Directions are short pulses: left one, right two, up three, down four. Distances are long ones: closer one, back two.
 */
export const HINTS: Partial<Record<GuidanceCode, Pattern>> = {
  moveLeft: LEFT,
  lookLeft: LEFT,
  moveRight: RIGHT,
  lookRight: RIGHT,
  moveUp: UP,
  lookUp: UP,
  moveDown: DOWN,
  lookDown: DOWN,
  smile: [150, 90, 150],
  moveCloser: [300],
  moveBack: [300, 120, 300],
  wrongWay: [500],
};

/** Progress: too short to shake the picture. */
export const TICK: Pattern = [25];
export const ASKED: Pattern = [60, 60, 300];
export const DONE: Pattern = [60, 60, 60, 60, 300];
export const ENDED: Pattern = [500, 150, 500];

/** Number of steps of progress that are each worth a tick. */
const QUARTERS = 4;

/** @returns null if the change needs no vibration */
export function patternOf(before: SessionState, next: SessionState): Pattern | null {
  switch (next.name) {
    case 'framing':
    case 'capturing':
    case 'activeMotion': {
      const hint = next.guidance && isNews(before, next) ? HINTS[next.guidance.code] : undefined;
      return hint ?? (hasGrown(before, next.progress) ? TICK : null);
    }
    case 'prompting':
      return before.name === 'prompting' ? null : ASKED;
    case 'succeeded':
      return DONE;
    case 'failed':
    case 'canceled':
      return ENDED;
    default:
      return null;
  }
}

function hasGrown(before: SessionState, progress: number): boolean {
  const quarters = (share: number) => Math.floor(share * QUARTERS);
  return 'guidance' in before && quarters(progress) > quarters(before.progress);
}

/**
 * Does nothing if the device cannot vibrate, or if the person has not interacted with the page yet, since browsers then
 * log an error.
 */
export function vibrate(pattern: Pattern): void {
  const { userActivation } = navigator as { userActivation?: UserActivation };
  if ('vibrate' in navigator && userActivation?.hasBeenActive !== false) navigator.vibrate([...pattern]);
}
