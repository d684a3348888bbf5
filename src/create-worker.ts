import workerFile from '../worker/index.ts?worker&url';

/**
 * Starts the worker. A worker must come from the page's own origin, so a file on another (a CDN) is imported by a tiny
 * Blob of the page's own; that needs `worker-src blob:` in a strict policy.
 */
export function createWorker(url = new URL(workerFile, import.meta.url).href): Worker {
  if (new URL(url, location.href).origin === location.origin) {
    return new Worker(url, { type: 'module', name: 'face-liveness' });
  }
  const shim = URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }));
  const worker = new Worker(shim, { type: 'module', name: 'face-liveness' });
  const revoke = () => URL.revokeObjectURL(shim);
  worker.addEventListener('message', revoke, { once: true });
  worker.addEventListener('error', revoke, { once: true });
  return worker;
}
