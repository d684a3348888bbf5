/** What the browser does to a page: takes it to the background and back, freezes it, leaves it. */

export interface PageLife {
  hidden(isHidden: boolean): void;
  /** Nothing runs from here on, perhaps for ever: what is held has to be let go now. */
  suspended(): void;
}

export function watchPage({ hidden, suspended }: PageLife, signal: AbortSignal): void {
  document.addEventListener('visibilitychange', () => hidden(isPageHidden()), { signal });
  // A page that is kept in the back-forward cache comes back as it was left, long after.
  addEventListener('pagehide', suspended, { signal });
  document.addEventListener('freeze', suspended, { signal });
}

export function isPageHidden(): boolean {
  return document.visibilityState === 'hidden';
}
