/** Where the focus goes during a run: what lies over the page would hide it there. */
import type { ReactiveControllerHost } from 'lit';

export class FocusWatch {
  /** It went to something of the page around the element. Where it was when the run began does not count. */
  isAway = false;
  readonly #host: ReactiveControllerHost & Element;
  #watching = new AbortController();

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  start(): void {
    this.stop();
    this.isAway = false;
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
    this.isAway = !this.#host.matches(':focus-within');
    this.#host.requestUpdate();
  };
}
