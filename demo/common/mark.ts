/** A finding in a few words, with a sign of its own, so that nobody has to tell it by colour. */
import { create } from './dom.js';

/**
 * The look of a mark: `match` has the sign of `good` but another colour, since equal digests do not mean acceptance.
 */
export type Tone = 'good' | 'open' | 'bad' | 'match' | 'unknown';

export function mark(tone: Tone, text: string): HTMLElement {
  return create('span', { class: 'mark', 'data-mark': tone }, text);
}
