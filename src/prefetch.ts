/** Gets the detector's files before they are needed, so that a session starts at once. */
import { proxy, transfer } from 'comlink';
import { resolveAssets } from './assets.js';
import { createWorker } from './create-worker.js';
import { DEFAULT_DEADLINES } from './deadlines.js';
import { LivenessError } from './errors.js';
import { activated } from './page-life.js';
import { anySignal } from './protocol/any-signal.js';
import { FailureError, failureOf } from './protocol/errors.js';
import type { DetectorAddresses, DetectorAssets } from './protocol/worker-api.js';
import { unlessAborted, within } from './wait.js';
import { WorkerBridge } from './worker-bridge.js';

export interface PrefetchOptions {
  /** As the element's `assets`. */
  assets?: string;
  /** As the element's `worker-url`. */
  workerUrl?: string;
  /** Share of all bytes, 0…1. */
  onProgress?: (share: number) => void;
  /** Aborting it ends the download. */
  signal?: AbortSignal;
}

/** A slow connection may take its time, since nobody waits; one that brings nothing at all is given up long before. */
const DEADLINE_MS = 600_000;

/** By address: where compiled wasm waits for the next worker. It is code, not state. */
const compiled = new Map<string, MessagePort>();
const underWay = new Map<string, Prefetch>();

/** What is under way, for whoever waits for it too. */
interface Prefetch {
  ended: Promise<void>;
  /** Of all bytes, so far. */
  share: number;
  listeners: Set<(share: number) => void>;
}

/**
 * Fetches the face model and its wasm, verifies and compiles them, and keeps them in Cache Storage. A page calls this
 * when a session is likely, a `start()` that comes meanwhile waits for it, and a second call finds all there.
 *
 * @throws LivenessError with a code of the assets or the worker, or `InsecureContext`; the reason of `signal`
 */
export async function prefetch({
  assets = '',
  workerUrl = '',
  onProgress = () => undefined,
  signal,
}: PrefetchOptions = {}): Promise<void> {
  try {
    signal?.throwIfAborted();
    if (!isSecureContext) throw new FailureError({ code: 'InsecureContext', message: 'No session could use it' });
    const addresses = resolveAssets(assets);
    const listeners: Prefetch['listeners'] = new Set([onProgress]);
    const tell = (share: number) => {
      own.share = Math.max(own.share, share);
      for (const listener of listeners) listener(own.share);
    };
    const ended = prefetched(addresses, DEFAULT_DEADLINES.assets, tell)
      .catch(() => undefined)
      .then(() => fetchInWorker(addresses, workerUrl, tell, signal));
    const own: Prefetch = { ended, share: 0, listeners };
    // Before anything is waited for: a call of the same moment has to find it. And the last to come stays.
    underWay.set(addresses.wasm, own);
    const done = ended.finally(() => underWay.get(addresses.wasm) === own && underWay.delete(addresses.wasm));
    await (signal ? unlessAborted(signal, done) : done).finally(() => listeners.delete(onProgress));
  } catch (error) {
    signal?.throwIfAborted();
    throw new LivenessError(failureOf(error));
  }
}

/**
 * Waits while a prefetch of these is under way; how it ended shows in what is there. In a page that is rendered ahead none
 * can be done: the time counts from when the person is there.
 *
 * @param onProgress hears how far it is, and how far it comes, until `signal` aborts
 * @throws FailureError `AssetsTimedOut` where it is under way for longer than `deadlineMs`
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
  const ended = within(
    deadlineMs,
    other.ended.catch(() => undefined),
  );
  await ended
    .catch((error: unknown) => {
      throw new FailureError({ code: 'AssetsTimedOut', message: `Waited for the prefetch: ${String(error)}` });
    })
    .finally(() => other.listeners.delete(onProgress));
}

/** For one worker: there is one of each thing that was compiled. */
export function withCompiled(addresses: DetectorAddresses): DetectorAssets {
  const port = compiled.get(addresses.wasm) ?? null;
  compiled.delete(addresses.wasm);
  return transfer({ ...addresses, compiled: port }, port ? [port] : []);
}

/** @param work lets a worker compile, and put what it compiled into `next` */
export async function keepCompiled(
  { wasm }: DetectorAddresses,
  work: (next: MessagePort) => Promise<null>,
): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await work(transfer(port1, [port1]));
  compiled.set(wasm, port2);
}

/** In a worker of its own, whose policy is the one that has to allow it, and which leaves nothing behind. */
async function fetchInWorker(
  addresses: DetectorAddresses,
  workerUrl: string,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const end = signal ? anySignal(signal, done.signal) : done.signal;
  try {
    const bridge = new WorkerBridge(createWorker(workerUrl), end);
    await keepCompiled(addresses, (next) =>
      bridge.call((api) => api.prefetch(addresses, proxy(onProgress), next), DEADLINE_MS),
    );
  } finally {
    done.abort();
  }
}
