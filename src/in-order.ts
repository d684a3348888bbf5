/**
 * Does one job after the other: one that is added during another follows it. In a task of its own, since jobs that lead
 * to the next without end, such as a start that fails at once and is tried again, must not stop the page.
 */
export class InOrder {
  #jobs: (() => void)[] = [];

  add(job: () => void): void {
    this.#jobs.push(job);
    if (this.#jobs.length === 1) this.#next();
  }

  #next = (): void => {
    this.#jobs[0]?.();
    this.#jobs.shift();
    if (this.#jobs.length > 0) setTimeout(this.#next);
  };
}
