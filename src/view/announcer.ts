/** Decides what a screen reader hears: each thing once, and not faster than it can be said. */

const PAUSE_MS = 1_800;
/** A live region that is emptied and filled at once has not changed. */
const EMPTY_MS = 100;

export class Announcer {
  #said = '';
  #waiting = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Nothing is said before. */
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

  /** What waits is not said. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = '';
  }

  /** What comes next is said, though it be the same again. */
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
