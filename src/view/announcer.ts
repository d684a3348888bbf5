/** Decides what a screen reader announces: each text once, and no faster than it can be spoken. */

const PAUSE_MS = 1_800;
/** A screen reader notices no change in a live region that is emptied and filled again at once. */
const EMPTY_MS = 100;

export class Announcer {
  #said = '';
  #waiting = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Time before which nothing is said. */
  #earliest = 0;
  readonly #say: (text: string) => void;

  /** @param say puts the text into a live region */
  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  announce(text: string): void {
    if (text === this.#waiting || (text === this.#said && !this.#waiting)) return;
    this.#waiting = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, this.#earliest - performance.now()));
  }

  /** Drops the text that is still waiting. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = '';
  }

  /** The next text is said even if it is the same as the last. */
  forget(): void {
    this.stop();
    this.#said = '';
    this.#earliest = Math.max(this.#earliest, performance.now() + EMPTY_MS);
    this.#say('');
  }

  #speak(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text === this.#said) return;
    this.#said = text;
    this.#earliest = performance.now() + PAUSE_MS;
    this.#say(text);
  }
}
