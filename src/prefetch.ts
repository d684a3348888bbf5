/** Gets the detector's files before they are needed, so that a session starts at once. */
import { proxy } from 'comlink';
import { resolveAssets } from './assets.js';
import { keepCompiled } from './compiled.js';
import { createWorker } from './create-worker.js';
import { DEFAULT_DEADLINES } from './deadlines.js';
import { LivenessError } from './errors.js';
import { activated } from './page-life.js';
import { anySignal } from './protocol/any-signal.js';
import { FailureError, failureOf } from './protocol/failure.js';
import type { DetectorAddresses } from './protocol/worker-api.js';
import { unlessAborted, within } from './wait.js';
import { WorkerBridge } from './worker-bridge.js';

export interface PrefetchOptions {
  /** Like the element's `assets`. */
  assets?: string;
  /** Like the element's `worker-url`. */
  workerUrl?: string;
  /** Called with the share of all bytes, 0…1. */
  onProgress?: (share: number) => void;
  /** Aborting it stops the download. */
  signal?: AbortSignal;
}

/** Long, since nobody waits for a prefetch; a download that stalls is given up much earlier. */
const DEADLINE_MS = 600_000;

/** A prefetch under way, which other callers can wait for. */
interface Prefetch {
  ended: Promise<void>;
  /** Share of all bytes received so far, 0…1. */
  share: number;
  listeners: Set<(share: number) => void>;
}

/** By address of the wasm. */
const underWay = new Map<string, Prefetch>();

/**
 * Fetches the face model and its wasm, verifies and compiles them, and keeps them in Cache Storage. Call it when a
 * session is likely. A `start()` during the download waits for it; a second call finds everything cached.
 *
 * @throws LivenessError with a code of the assets or the worker, or `InsecureContext`; the reason of `signal` if it
 * aborts
 */
export async function prefetch({
  assets = '',
  workerUrl = '',
  onProgress = () => undefined,
  signal,
}: PrefetchOptions = {}): Promise<void> {
  try {
    signal?.throwIfAborted();
    if (!globalThis.isSecureContext)
      throw new FailureError({
        code: 'InsecureContext',
        message: 'The page is not a secure context (HTTPS or localhost), so no session could use the files',
      });
    const addresses = resolveAssets(assets);
    const own: Prefetch = { ended: Promise.resolve(), share: 0, listeners: new Set([onProgress]) };
    const tell = (share: number) => {
      own.share = Math.max(own.share, share);
      for (const listener of own.listeners) listener(own.share);
    };
    own.ended = prefetched(addresses, DEFAULT_DEADLINES.assets, tell)
      .catch(() => undefined)
      .then(() => fetchInWorker(addresses, workerUrl, tell, signal));
    // Only now, or it would have found itself and waited for its own end; and before the first `await`, so that a call in
    // the same task finds this one. If several overlap, the last one stays registered.
    underWay.set(addresses.wasm, own);
    const done = own.ended.finally(() => {
      if (underWay.get(addresses.wasm) === own) underWay.delete(addresses.wasm);
    });
    await (signal ? unlessAborted(signal, done) : done).finally(() => own.listeners.delete(onProgress));
  } catch (error) {
    signal?.throwIfAborted();
    throw new LivenessError(failureOf(error));
  }
}

/**
 * If a prefetch of these files is under way, waits until it has ended, even if it fails: the next fetch finds what is
 * cached. In a prerendered page, waits until the page is activated first; that time does not count towards
 * `deadlineMs`.
 *
 * @param onProgress called with the share so far and each further one, until `signal` aborts
 * @throws FailureError `AssetsTimedOut` if the prefetch takes longer than `deadlineMs`
 */
export async function prefetched(
  { wasm }: DetectorAddresses,
  deadlineMs: number,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const other = underWay.get(wasm);
  if (!other) return activated();
  other.listeners.add(onProgress);
  signal?.addEventListener('abort', () => other.listeners.delete(onProgress), { once: true });
  await activated();
  if (other.share > 0) onProgress(other.share);
  const ended = other.ended.catch(() => undefined);
  await within(deadlineMs, ended)
    .catch((error: unknown) => {
      throw new FailureError({
        code: 'AssetsTimedOut',
        message: `The prefetch under way did not finish in time: ${String(error)}`,
      });
    })
    .finally(() => other.listeners.delete(onProgress));
}

/**
 * Prefetches in a worker, which is terminated afterwards: only the worker's content security policy has to allow
 * WebAssembly, not that of the page.
 */
async function fetchInWorker(
  addresses: DetectorAddresses,
  workerUrl: string,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  try {
    const bridge = new WorkerBridge(createWorker(workerUrl), anySignal(signal, done.signal));
    await keepCompiled(addresses, (next) =>
      bridge.call((api) => api.prefetch(addresses, proxy(onProgress), next), DEADLINE_MS),
    );
  } finally {
    done.abort();
  }
}
