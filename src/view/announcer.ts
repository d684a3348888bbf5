/** Decides what a screen reader announces: each text once, and no faster than it can be spoken. */
import { join } from './sentences.js';

/** The shortest time between two texts. */
const PAUSE_MS = 1_800;
/** Time to speak one character of a long text, at the usual speed of a voice. */
const CHARACTER_MS = 60;
/**
 * Minimum wait after a button press. Text that is shown only for a moment is then skipped, and a screen reader notices
 * that the live region was emptied and filled again.
 */
const SETTLE_MS = 300;

export class Announcer {
  #said = '';
  #saidAt = -Infinity;
  #waiting = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Time before which nothing is said. */
  #earliest = 0;
  readonly #say: (text: string) => void;

  /** @param say puts the text into a live region */
  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** What the live region holds. */
  get said(): string {
    return this.#said;
  }

  announce(text: string): void {
    if (text === this.#waiting || (this.#wasSaid(text) && !this.#waiting)) return;
    this.#waiting = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, this.#earliest - performance.now()));
  }

  /** Drops the text that is still waiting. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = '';
  }

  /**
   * To be called after a button press: screen readers then break off, so the next text need not wait for the end of a
   * long one.
   */
  interrupt(): void {
    this.#earliest = Math.max(this.#saidAt + PAUSE_MS, performance.now() + SETTLE_MS);
  }

  /** Forgets the last text, so that the next is said even if it is the same. */
  forget(): void {
    this.stop();
    this.#said = '';
    this.interrupt();
    this.#say('');
  }

  /**
   * Whether `text` was already announced, alone or as the beginning of a longer text: a line that disappears is no
   * reason to repeat the rest.
   */
  #wasSaid(text: string): boolean {
    return text === this.#said || this.#said.startsWith(join(text, ''));
  }

  #speak(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (this.#wasSaid(text)) return;
    this.#said = text;
    this.#saidAt = performance.now();
    this.#earliest = this.#saidAt + Math.max(PAUSE_MS, text.length * CHARACTER_MS);
    this.#say(text);
  }
}
