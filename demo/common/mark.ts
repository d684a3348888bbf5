/** A finding in a word, with a sign of its own, so that nobody has to tell it by its colour. */
import { create } from './dom.js';

/** What it looks like: `match` has the sign of `good` and not its colour, since equal digests are no acceptance. */
export type Tone = 'good' | 'open' | 'bad' | 'match' | 'unknown';

export function mark(tone: Tone, text: string): HTMLElement {
  return create('span', { class: 'mark', 'data-mark': tone }, text);
}
