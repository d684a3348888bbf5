/** What the browser does to a page: prerenders it, freezes it, unloads it. */

interface PageLife {
  /** The page stops running, perhaps for good: release everything now. */
  left(): void;
  /** The page is frozen in the background; it may resume by itself. */
  frozen(): void;
}

export function watchPage({ left, frozen }: PageLife, signal: AbortSignal): void {
  // A page in the back-forward cache is restored as it was left, perhaps long after.
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
