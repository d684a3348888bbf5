/** Tracks whether the person can see the element. While they cannot, no frame is taken and no camera requested. */
import type { ReactiveControllerHost } from 'lit';
import { Countdown } from './countdown.js';
import { FailureError } from './protocol/failure.js';
import { timeLimitExceeded } from './wait.js';

export class Visibility extends EventTarget {
  readonly #host: ReactiveControllerHost & Element;
  #isHidden = false;
  /** Whether the element is scrolled into view; false until the IntersectionObserver reports. */
  #isInView = false;

  constructor(host: ReactiveControllerHost & Element) {
    super();
    this.#host = host;
  }

  /** Checks whether the element is hidden now, and fires `change` if that is new. */
  checkHidden(): boolean {
    const wasHidden = this.#isHidden;
    this.#isHidden = document.visibilityState === 'hidden' || !this.isRendered() || (isFramed() && !this.#isInView);
    if (this.#isHidden !== wasHidden) this.dispatchEvent(new Event('change'));
    return this.#isHidden;
  }

  /** Checks again whenever the browser signals a possible change, until `signal` aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    this.#isInView = false;
    document.addEventListener('visibilitychange', () => this.checkHidden(), { signal });
    await this.#host.updateComplete;
    const base = this.#base;
    if (!base || signal.aborted) return;
    const inView = new IntersectionObserver((entries) => {
      this.#isInView = entries.at(-1)?.isIntersecting ?? false;
      this.checkHidden();
    });
    // IntersectionObserver does not fire when an off-screen element is hidden or shown; ResizeObserver does.
    const size = new ResizeObserver(() => this.checkHidden());
    for (const observer of [inView, size]) {
      observer.observe(base);
      signal.addEventListener('abort', () => observer.disconnect(), { once: true });
    }
  }

  /**
   * Resolves once the element is visible: a tab or a dialog may be opened much later. Stays pending if `signal` aborts.
   */
  async untilVisible(signal: AbortSignal): Promise<void> {
    if (!this.checkHidden()) return;
    await new Promise((resolve) => this.addEventListener('change', resolve, { once: true, signal }));
  }

  /**
   * Waits for `work` that may need the person to see the element: some systems show nothing while the page is hidden.
   *
   * @throws DOMException `TimeoutError` if `work` takes longer than `visibleMs` of the time in which the element is
   * visible
   * @throws FailureError `PageHidden` if the element is hidden for longer than `hiddenMs`
   */
  async within<T>(visibleMs: number, hiddenMs: number, work: Promise<T>): Promise<T> {
    const [visible, hidden, over] = [new Countdown(), new Countdown(), new AbortController()];
    const late = new Promise<never>((_, reject) => {
      const tooLate = () => reject(timeLimitExceeded(visibleMs));
      const tooLong = () =>
        reject(new FailureError({ code: 'PageHidden', message: 'The element was out of sight for too long' }));
      const follow = () => {
        if (this.#isHidden) {
          visible.pause();
          hidden.start(hiddenMs, tooLong);
        } else {
          hidden.clear();
          visible.resume();
        }
      };
      visible.start(visibleMs, tooLate);
      this.checkHidden();
      this.addEventListener('change', follow, { signal: over.signal });
      follow();
    });
    return Promise.race([work, late]).finally(() => {
      over.abort();
      for (const countdown of [visible, hidden]) countdown.clear();
    });
  }

  /** The element that is observed: not the host, which a page may set to `display: contents`. */
  get #base(): Element | null {
    return this.#host.shadowRoot?.querySelector('.base') ?? null;
  }

  /** False under `display: none` or in a closed dialog, details or popover. Assumed true before the first update. */
  isRendered(): boolean {
    const base = this.#base as (Element & { checkVisibility?(): boolean }) | null;
    // Chromium has `checkVisibility()` from 105, Safari from 17.4.
    return !base || (base.checkVisibility?.() ?? base.getClientRects().length > 0);
  }
}

/**
 * In an iframe that is scrolled out of view, Chromium shows no video. In the top-level page it does, and there the
 * person may scroll while reading.
 */
function isFramed(): boolean {
  return window.top !== window;
}
