/** Gets the detector's files before they are needed, so that a session starts at once. */
import { fetchDetector } from './asset-cache.js';
import { resolveAssets, type AssetAddresses } from './assets.js';
import { DEFAULT_DEADLINES } from './deadlines.js';
import { LivenessError } from './errors.js';
import { FailureError, failureOf } from './protocol/errors.js';
import type { DetectorAssets } from './protocol/worker-api.js';
import { within } from './wait.js';

export interface PrefetchOptions {
  /** As the element's `assets`. */
  assets?: string;
  /** Share of all bytes, 0…1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** By address. Compiled wasm is code, not state: every worker of the page can have the same. */
const compiled = new Map<string, WebAssembly.Module>();
const underWay = new Map<string, Promise<void>>();

/**
 * Fetches the face model and its wasm, verifies and compiles them, and keeps them in Cache Storage. A page calls this
 * when a session is likely, a `start()` that comes meanwhile waits for it, and a second call finds all there.
 *
 * @throws LivenessError `InsecureContext`, `AssetsNotLoaded`, `AssetsTimedOut` or `AssetsCorrupt`; the reason of `signal`
 */
export async function prefetch({ assets = '', onProgress, signal }: PrefetchOptions = {}): Promise<void> {
  try {
    if (!isSecureContext) throw new FailureError({ code: 'InsecureContext', message: 'No session could use it' });
    const addresses = resolveAssets(assets);
    await prefetched(addresses, DEFAULT_DEADLINES.assets);
    const work = fetchAndCompile(addresses, signal ?? new AbortController().signal, onProgress ?? (() => undefined));
    underWay.set(addresses.wasm, work);
    await work.finally(() => underWay.delete(addresses.wasm));
  } catch (error) {
    signal?.throwIfAborted();
    throw new LivenessError(failureOf(error));
  }
}

/** Waits while a prefetch of these is under way, but no longer than `deadlineMs`; how it ended shows in what is there. */
export async function prefetched({ wasm }: AssetAddresses, deadlineMs: number): Promise<void> {
  await within(deadlineMs, underWay.get(wasm) ?? Promise.resolve()).catch(() => undefined);
}

export function withCompiled(addresses: AssetAddresses): DetectorAssets {
  return { ...addresses, compiled: compiled.get(addresses.wasm) ?? null };
}

export function keepCompiled({ wasm }: AssetAddresses, module: WebAssembly.Module): void {
  compiled.set(wasm, module);
}

async function fetchAndCompile(
  addresses: AssetAddresses,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<void> {
  const { wasm, kept } = await fetchDetector(addresses, { signal, onProgress });
  // A page may forbid itself what its worker may: then the worker compiles.
  const module = wasm && (await WebAssembly.compile(wasm).catch(() => null));
  if (module) keepCompiled(addresses, module);
  await kept;
}
