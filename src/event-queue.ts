/**
 * Runs jobs that dispatch events, one after the other. A job that is added while another runs follows in a task of its
 * own, so that jobs that add each other endlessly (a listener restarts a run that fails at once) do not freeze the page.
 */
export class EventQueue {
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
