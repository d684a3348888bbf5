/** What the browser does to a page: takes it to the background and back, freezes it, leaves it. */
import { Countdown } from './countdown.js';
import { FailureError } from './protocol/errors.js';

export interface PageLife {
  hidden(isHidden: boolean): void;
  /** Nothing runs from here on, perhaps for ever: what is held has to be let go now. */
  left(): void;
  /** The same, in the background: it may go on by itself. */
  frozen(): void;
}

export function watchPage({ hidden, left, frozen }: PageLife, signal: AbortSignal): void {
  document.addEventListener('visibilitychange', () => hidden(isPageHidden()), { signal });
  // A page that is kept in the back-forward cache comes back as it was left, long after.
  addEventListener('pagehide', left, { signal });
  document.addEventListener('freeze', frozen, { signal });
}

/**
 * Until then nobody can be asked, and no camera need go on: a tab may have been opened in the background. Nothing comes of it
 * once `signal` aborts.
 */
export async function inSight(signal: AbortSignal): Promise<void> {
  if (!isPageHidden()) return;
  await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true, signal }));
}

/**
 * Waits for what comes in sight of the person only: some systems show nothing while the page is hidden.
 *
 * @throws DOMException `TimeoutError` where `work` takes longer while the page is visible
 * @throws FailureError `PageHidden` where the page is hidden for longer than `hiddenMs`
 */
export async function withinSight<T>(visibleMs: number, hiddenMs: number, work: Promise<T>): Promise<T> {
  const [visible, hidden, over] = [new Countdown(), new Countdown(), new AbortController()];
  const late = new Promise<never>((_, reject) => {
    const tooLate = () => reject(new DOMException(`Nothing within ${visibleMs} ms`, 'TimeoutError'));
    const tooLong = () => reject(new FailureError({ code: 'PageHidden', message: 'The page was hidden for too long' }));
    const follow = () => {
      if (isPageHidden()) {
        visible.pause();
        hidden.start(hiddenMs, tooLong);
      } else {
        hidden.clear();
        visible.resume();
      }
    };
    visible.start(visibleMs, tooLate);
    document.addEventListener('visibilitychange', follow, { signal: over.signal });
    follow();
  });
  return Promise.race([work, late]).finally(() => {
    over.abort();
    for (const countdown of [visible, hidden]) countdown.clear();
  });
}

/**
 * Chromium renders a page before the person goes there, and gives it until then neither a worker nor a camera, and no
 * refusal: https://developer.chrome.com/docs/web-platform/prerender-pages
 */
export async function activated(signal?: AbortSignal): Promise<void> {
  if (!(document as { prerendering?: boolean }).prerendering) return;
  await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve, { once: true, signal }));
}

export function isPageHidden(): boolean {
  return document.visibilityState === 'hidden';
}
