/** Decides what a screen reader hears: each thing once, and not faster than it can be said. */

const PAUSE_MS = 1_800;

export class Announcer {
  #said = '';
  #waiting = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastTime = -Infinity;
  readonly #say: (text: string) => void;

  /** @param say puts the text into a live region */
  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  announce(text: string): void {
    if (text === this.#waiting || (text === this.#said && !this.#waiting)) return;
    this.#waiting = text;
    clearTimeout(this.#timer);
    const wait = this.#lastTime + PAUSE_MS - performance.now();
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, wait));
  }

  /** What waits is not said. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = '';
  }

  #speak(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text === this.#said) return;
    this.#said = text;
    this.#lastTime = performance.now();
    this.#say(text);
  }
}
