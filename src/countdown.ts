/** A timer that can be paused, so that time in which the person can do nothing does not count. */
export class Countdown {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #callback: (() => void) | null = null;
  #left = 0;
  #since = 0;
  #isPaused = false;

  /** Starts a new countdown in place of the previous one. */
  start(milliseconds: number, callback: () => void): void {
    this.clear();
    this.#left = milliseconds;
    this.#callback = callback;
    if (!this.#isPaused) this.#run();
  }

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    clearTimeout(this.#timer);
    this.#left -= performance.now() - this.#since;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#callback) this.#run();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#callback = null;
  }

  #run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => {
      const callback = this.#callback;
      this.#callback = null;
      callback?.();
    }, this.#left);
  }
}
