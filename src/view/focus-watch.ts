/** Tracks where the focus goes during a run: the lamp, which covers the page, would hide it there. */
import type { ReactiveControllerHost } from 'lit';

export class FocusWatch {
  readonly #host: ReactiveControllerHost & Element;
  #wentAway = false;
  #watching = new AbortController();

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /**
   * Whether the focus moved to something on the page outside the element and is still there. Where it was when the run
   * began does not count.
   */
  get isAway(): boolean {
    // Read on every render: a removed element loses the focus, and not every browser fires an event for that.
    return this.#wentAway && document.activeElement !== null && document.activeElement !== document.body;
  }

  start(): void {
    this.stop();
    this.#wentAway = false;
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    // On each tree around the host: a move within one tree fires no event outside of it.
    for (let node: Node | undefined = this.#host; node;) {
      const root = node.getRootNode();
      root.addEventListener('focusin', this.#moved, { signal });
      node = root instanceof ShadowRoot ? root.host : undefined;
    }
  }

  stop(): void {
    this.#watching.abort();
  }

  #moved = (): void => {
    const wasAway = this.#wentAway;
    this.#wentAway = !this.#host.matches(':focus-within');
    // Moves within the host need no update; the host itself may move the focus there at the end of one.
    if (wasAway || this.#wentAway) this.#host.requestUpdate();
  };
}
