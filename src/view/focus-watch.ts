/** Where the focus goes during a run: what lies over the page would hide it there. */
import type { ReactiveControllerHost } from 'lit';

export class FocusWatch {
  readonly #host: ReactiveControllerHost & Element;
  #wentAway = false;
  #watching = new AbortController();

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /** It went to something of the page around the element, and is there. Where it was when the run began does not count. */
  get isAway(): boolean {
    // Asked anew for every picture: what is removed loses it, and not every browser tells of that.
    return this.#wentAway && document.activeElement !== null && document.activeElement !== document.body;
  }

  start(): void {
    this.stop();
    this.#wentAway = false;
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    // In each tree around it, for what moves within one is not heard of outside.
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
    // Within the host nothing changes, and it may itself move it there at the end of an update.
    if (wasAway || this.#wentAway) this.#host.requestUpdate();
  };
}
