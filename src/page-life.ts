/** Tells when the browser prerenders, freezes or unloads the page. */

interface PageLife {
  /** The page stops running, perhaps for good: release everything now. */
  left(): void;
  /** The page is frozen in the background; it may resume by itself. */
  frozen(): void;
}

export function watchPage({ left, frozen }: PageLife, signal: AbortSignal): void {
  // Also for a page that enters the back-forward cache: it may return much later, in the same state.
  addEventListener('pagehide', left, { signal });
  document.addEventListener('freeze', frozen, { signal });
}

/**
 * Resolves once the page is active. Chromium prerenders a page before the person goes there, and until then a request
 * for a worker or a camera simply stays pending: https://developer.chrome.com/docs/web-platform/prerender-pages
 */
export async function activated(signal?: AbortSignal): Promise<void> {
  if (!(globalThis.document as { prerendering?: boolean } | undefined)?.prerendering) return;
  await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve, { once: true, signal }));
}
