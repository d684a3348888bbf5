/** Keeps the focus in place for people who use the keyboard or a screen reader, while controls come and go. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { IDLE, isRunning } from '../session/reduce.js';
import type { SessionState } from '../session/state.js';

export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #session: () => SessionState;
  /** The session as of the last update. */
  #before: SessionState = IDLE;
  /** Whether the focus was on a control of the element's own before this update. */
  #hadFocus = false;
  /** A call of `focus()` that found nothing to focus yet. */
  #awaited: { options: FocusOptions | undefined } | null = null;
  /** The page's slotted control that has the focus, or had it until the control was removed, disabled or hidden. */
  #slotted: Element | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, session: () => SessionState) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
    host.addEventListener('focusin', ({ target }) => (this.#slotted = target === host ? null : (target as Element)));
    host.addEventListener('focusout', ({ target }) => {
      // In a microtask, because if a focused control is removed, Chromium fires the event before the removal, as if the
      // person had moved on.
      queueMicrotask(() => {
        if (this.#slotted === target && !isGone(target as Element)) this.#slotted = null;
      });
    });
  }

  /**
   * Focuses the title. While the words are loading, nothing can have the focus: then the title gets it once they are
   * shown.
   */
  focus(options?: FocusOptions): void {
    this.#title?.focus(options);
    this.#awaited = this.#host.isConnected && !this.#host.shadowRoot?.activeElement ? { options } : null;
  }

  hostUpdate(): void {
    this.#hadFocus = Boolean(this.#host.shadowRoot?.activeElement);
  }

  hostUpdated(): void {
    const before = this.#before;
    const now = this.#session();
    this.#before = now;
    const title = this.#title;
    const { activeElement, body } = this.#host.ownerDocument;
    if (this.#awaited && activeElement === body) this.focus(this.#awaited.options);
    else this.#awaited = null;
    if (!title || !(this.#hadFocus || this.#slotted)) return;
    const hasEnded = before.name !== now.name && !isRunning(now);
    const hasBegun = !isRunning(before) && isRunning(now);
    // If the focused control is gone, the title takes the focus, to keep the place. It also does when the run ends, so
    // that the outcome is read.
    if (this.#hadFocus && (hasEnded || !this.#host.shadowRoot?.activeElement)) this.focus();
    // The page may render its controls after the element, but in the same frame.
    if (this.#slotted) requestAnimationFrame(() => this.#replaceSlotted());
    // The button that was pressed may be so far below the title that the instructions are off the screen.
    if (hasBegun && title.getBoundingClientRect().top < 0) {
      title.closest('.base')?.scrollIntoView({ block: 'start', behavior: 'instant' });
    }
  }

  get #title(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector('h2') ?? null;
  }

  /** Focuses the title if the page's control that had the focus is gone and nothing else has it now. */
  #replaceSlotted(): void {
    const control = this.#slotted;
    if (!control || !isGone(control)) return;
    const { activeElement, body } = this.#host.ownerDocument;
    if (activeElement === body || control.matches(':focus-within')) this.focus();
    this.#slotted = null;
  }
}

/** Whether the control can no longer have the focus, even if the browser takes it away only at the next rendering. */
function isGone(control: Element): boolean {
  if (!control.isConnected || control.matches(':disabled')) return true;
  // With `display: contents` the control has no box of its own, but its content may be visible.
  return control.getClientRects().length === 0 && getComputedStyle(control).display !== 'contents';
}
