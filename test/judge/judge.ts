/** Paths for the judge's threads: their module, as `prepare.ts` builds it, and the assets. */
import { fileURLToPath } from 'node:url';

export const THREAD = new URL('../../.cache/judge-thread/thread.js', import.meta.url);
export const ASSETS = fileURLToPath(new URL('../../public/liveness-assets/', import.meta.url));
