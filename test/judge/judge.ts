/** Where the judge's threads find what they need, out of the sources. */
import { fileURLToPath } from 'node:url';

export const THREAD = new URL('../../demo/server/judge/default/thread-from-source.mjs', import.meta.url);
export const ASSETS = fileURLToPath(new URL('../../public/liveness-assets/', import.meta.url));
