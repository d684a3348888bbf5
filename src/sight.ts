/** Whether the person can see the element. Where nobody does, no picture is taken, and nobody can be asked for a camera. */
import type { ReactiveControllerHost } from 'lit';
import { Countdown } from './countdown.js';
import { FailureError } from './protocol/errors.js';

export class Sight extends EventTarget {
  readonly #host: ReactiveControllerHost & Element;
  #isHidden = false;
  /** Not scrolled away. Nobody knows before an observer tells. */
  #isInView = false;

  constructor(host: ReactiveControllerHost & Element) {
    super();
    this.#host = host;
  }

  /** Whether it is hidden as of now; who listens is told where that is new. */
  look(): boolean {
    const wasHidden = this.#isHidden;
    this.#isHidden = document.visibilityState === 'hidden' || !this.#isRendered() || (isFramed() && !this.#isInView);
    if (this.#isHidden !== wasHidden) this.dispatchEvent(new Event('change'));
    return this.#isHidden;
  }

  /** Looks whenever the browser tells that it may be otherwise, until `signal` aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    this.#isInView = false;
    document.addEventListener('visibilitychange', () => this.look(), { signal });
    await this.#host.updateComplete;
    const base = this.#base;
    if (!base || signal.aborted) return;
    const inView = new IntersectionObserver((entries) => {
      this.#isInView = entries.at(-1)?.isIntersecting ?? false;
      this.look();
    });
    // What is out of view already is no news to the other where it is not shown any more, or is again.
    const size = new ResizeObserver(() => this.look());
    for (const observer of [inView, size]) {
      observer.observe(base);
      signal.addEventListener('abort', () => observer.disconnect(), { once: true });
    }
  }

  /** Until it is not hidden: a tab or a dialog may be opened much later. Nothing comes of it once `signal` aborts. */
  async back(signal: AbortSignal): Promise<void> {
    if (!this.look()) return;
    await new Promise((resolve) => this.addEventListener('change', resolve, { once: true, signal }));
  }

  /**
   * Waits for what comes in sight of the person only: some systems show nothing while the page is hidden.
   *
   * @throws DOMException `TimeoutError` where `work` takes longer while the element is in sight
   * @throws FailureError `PageHidden` where it is hidden for longer than `hiddenMs`
   */
  async within<T>(visibleMs: number, hiddenMs: number, work: Promise<T>): Promise<T> {
    const [visible, hidden, over] = [new Countdown(), new Countdown(), new AbortController()];
    const late = new Promise<never>((_, reject) => {
      const tooLate = () => reject(new DOMException(`Nothing within ${visibleMs} ms`, 'TimeoutError'));
      const tooLong = () =>
        reject(new FailureError({ code: 'PageHidden', message: 'It was out of sight for too long' }));
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
      this.look();
      this.addEventListener('change', follow, { signal: over.signal });
      follow();
    });
    return Promise.race([work, late]).finally(() => {
      over.abort();
      for (const countdown of [visible, hidden]) countdown.clear();
    });
  }

  /** Not the host, which a page may lay out as `display: contents`. */
  get #base(): Element | null {
    return this.#host.shadowRoot?.querySelector('.base') ?? null;
  }

  /** By neither `display: none` nor a closed dialog, details or popover around it. Before the first update nobody knows. */
  #isRendered(): boolean {
    const base = this.#base as (Element & { checkVisibility?(): boolean }) | null;
    // Chromium has it from 105, Safari from 17.4.
    return !base || (base.checkVisibility?.() ?? base.getClientRects().length > 0);
  }
}

/** Chromium shows no video of a frame out of view. At the top it does, and a person may read elsewhere meanwhile. */
function isFramed(): boolean {
  return window.top !== window;
}
