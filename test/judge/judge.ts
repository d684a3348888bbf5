/** Where the judge's threads find what they need: built as `prepare.ts` builds it, the sources' assets. */
import { fileURLToPath } from 'node:url';

export const THREAD = new URL('../../.cache/judge-thread/thread.js', import.meta.url);
export const ASSETS = fileURLToPath(new URL('../../public/liveness-assets/', import.meta.url));
