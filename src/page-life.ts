/** What the browser does to a page: renders it ahead, freezes it, leaves it. */

export interface PageLife {
  /** Nothing runs from here on, perhaps for ever: what is held has to be let go now. */
  left(): void;
  /** The same, in the background: it may go on by itself. */
  frozen(): void;
}

export function watchPage({ left, frozen }: PageLife, signal: AbortSignal): void {
  // A page that is kept in the back-forward cache comes back as it was left, long after.
  addEventListener('pagehide', left, { signal });
  document.addEventListener('freeze', frozen, { signal });
}

/**
 * Chromium renders a page before the person goes there, and gives it until then neither a worker nor a camera, and no
 * refusal: https://developer.chrome.com/docs/web-platform/prerender-pages
 */
export async function activated(signal?: AbortSignal): Promise<void> {
  if (!(document as { prerendering?: boolean }).prerendering) return;
  await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve, { once: true, signal }));
}
