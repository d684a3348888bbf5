/** Keeps the place of those who use the keyboard or a screen reader, while controls come and go. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { IDLE, isRunning } from '../session/reduce.js';
import type { SessionState } from '../session/state.js';

export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #session: () => SessionState;
  /** As of the last update. */
  #before: SessionState = IDLE;
  /** Whether the focus was inside the element before this update. */
  #hadFocus = false;

  constructor(host: ReactiveControllerHost & Element, session: () => SessionState) {
    this.#host = host;
    this.#session = session;
  }

  hostUpdate(): void {
    this.#hadFocus = Boolean(this.#host.shadowRoot?.activeElement);
  }

  hostUpdated(): void {
    const before = this.#before;
    const now = this.#session();
    this.#before = now;
    const title = this.#host.shadowRoot?.querySelector('h2');
    if (!title || !this.#hadFocus) return;
    const hasEnded = before.name !== now.name && !isRunning(now);
    const hasBegun = !isRunning(before) && isRunning(now);
    // If the focused control is gone, the title takes the focus, to keep the place. It also does when the run ends, so
    // that the outcome is read.
    if (hasEnded || !this.#host.shadowRoot?.activeElement) title.focus();
    // The button that was pressed may be so far below the title that the instructions are off the screen.
    if (hasBegun && title.getBoundingClientRect().top < 0) {
      title.closest('.base')?.scrollIntoView({ block: 'start', behavior: 'instant' });
    }
  }
}
