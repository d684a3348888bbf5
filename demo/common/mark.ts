/** A result in a few words, with a symbol for each kind, so that nobody has to rely on its colour. */
import { create } from './dom.js';

/**
 * The look of a mark. `match` has the symbol of `good` but another colour: equal digests do not mean acceptance.
 */
export type Tone = 'good' | 'open' | 'bad' | 'match' | 'unknown';

export function mark(tone: Tone, text: string): HTMLElement {
  return create('span', { class: 'mark', 'data-mark': tone }, text);
}
