/** The lamp: the element covers the page with white light when the face is too dark. */
import type { ReactiveControllerHost } from 'lit';
import { isRunning } from '../session/reduce.js';
import type { SessionState } from '../session/state.js';

export class Lamp {
  readonly #host: ReactiveControllerHost & Element;
  /** From the first `tooDark` to the end of the run. */
  #isOn = false;
  #focusWentAway = false;
  #watching = new AbortController();

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /**
   * Not while it would hide the focus: if that moved to something on the page outside the element and is still there.
   * Where it was when the run began does not count.
   */
  get isShown(): boolean {
    // Read on every render: a removed element loses the focus, and not every browser fires an event for that.
    const { activeElement } = document;
    const isAway = this.#focusWentAway && activeElement !== null && activeElement !== document.body;
    return this.#isOn && !isAway;
  }

  /** A run begins. */
  start(): void {
    this.#watching.abort();
    this.#watching = new AbortController();
    this.#focusWentAway = false;
    const { signal } = this.#watching;
    // On each tree around the host: a move within one tree fires no event outside of it.
    for (let node: Node | undefined = this.#host; node;) {
      const root = node.getRootNode();
      root.addEventListener('focusin', this.#focusMoved, { signal });
      node = root instanceof ShadowRoot ? root.host : undefined;
    }
  }

  follow(session: SessionState, isAllowed: boolean): void {
    if (!isRunning(session)) this.#watching.abort();
    this.#isOn = isAllowed && isRunning(session) && (this.#isOn || isDark(session));
  }

  #focusMoved = (): void => {
    const wasAway = this.#focusWentAway;
    this.#focusWentAway = !this.#host.matches(':focus-within');
    // Moves within the host need no update; the host itself may move the focus there at the end of one.
    if (wasAway || this.#focusWentAway) this.#host.requestUpdate();
  };
}

function isDark(session: SessionState): boolean {
  return 'guidance' in session && session.guidance?.code === 'tooDark';
}
