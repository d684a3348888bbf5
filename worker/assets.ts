/**
 * Fetches the files of the detector and rejects any with a wrong hash. They are kept in Cache Storage by address and
 * hash, so that a new version never meets an old file. Without Cache Storage (private windows of some browsers,
 * sandboxed frames), or without room in it, they are fetched each time.
 */
import { anySignal } from '../src/protocol/any-signal.js';
import { digestHex, sha256 } from '../src/protocol/digest.js';
import { ASSET_CACHE, DETECTOR_FILES, type DetectorFile } from '../src/protocol/detector-files.js';
import { FailureError, failureOf } from '../src/protocol/failure.js';
import { isPassing } from '../src/protocol/passing.js';

/** A download that receives nothing for this long is given up. */
const STALL_MS = 20_000;

interface Fetched {
  bytes: Uint8Array<ArrayBuffer>;
  /** Settles when the bytes are in the cache, or cannot be stored. */
  kept: Promise<void>;
}

/**
 * @param addresses absolute addresses of the files to fetch
 * @param onProgress share of all bytes, 0…1; never decreases
 * @throws FailureError `AssetsNotLoaded`, `AssetsTimedOut` or `AssetsCorrupt`
 */
export async function fetchDetector<Name extends keyof typeof DETECTOR_FILES>(
  addresses: Record<Name, string>,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Record<Name, Fetched>> {
  const names = Object.keys(addresses) as Name[];
  const total = names.reduce((sum, name) => sum + DETECTOR_FILES[name].bytes, 0);
  const received = { model: 0, wasm: 0 };
  let share = 0;
  const failed = new AbortController();
  const either = anySignal(signal, failed.signal);
  const fetched: Partial<Record<Name, Fetched>> = {};
  const failures: unknown[] = [];
  const fetchOne = async (name: Name) => {
    const onBytes = (bytes: number) => {
      received[name] = bytes;
      share = Math.max(share, Math.min(1, (received.model + received.wasm) / total));
      onProgress(share);
    };
    try {
      fetched[name] = await fetchFile(addresses[name], DETECTOR_FILES[name], either, onBytes);
    } catch (error) {
      failures.push(error);
      // After a temporary failure, the other download goes on, so that the next try finds it in the cache.
      if (!isPassing(failureOf(error))) failed.abort();
    }
  };
  await Promise.all(names.map(fetchOne));
  if (failures.length === 0) return fetched as Record<Name, Fetched>;
  await Promise.all(names.map((name) => fetched[name]?.kept));
  // Reports the lasting failure, not the temporary one of the download that was aborted because of it.
  throw failures.find((error) => !isPassing(failureOf(error))) ?? failures[0];
}

async function fetchFile(
  url: string,
  file: DetectorFile,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<Fetched> {
  const cache = await openCache();
  const key = keyOf(url, file);
  // A damaged cache entry may fail only when it is read.
  const cached = await cache
    ?.match(key)
    .then((kept) => kept?.arrayBuffer())
    .catch(() => undefined);
  if (cached) {
    const bytes = new Uint8Array(cached);
    if (await isRight(bytes, file)) {
      onBytes(file.bytes);
      return { bytes, kept: Promise.resolve() };
    }
  }
  // The HTTP cache of the browser may hold another version, or half of one: bypass it once.
  for (const mode of ['default', 'reload'] as const) {
    const bytes = await download(url, mode, signal, onBytes);
    if (await isRight(bytes, file)) return { bytes, kept: keep(cache, key, bytes).catch(() => undefined) };
  }
  throw new FailureError({
    code: 'AssetsCorrupt',
    message: `${url} is not the file that belongs to this version of the element`,
  });
}

async function isRight(bytes: Uint8Array<ArrayBuffer>, file: DetectorFile): Promise<boolean> {
  return bytes.length === file.bytes && digestHex(await sha256(bytes)).toLowerCase() === file.sha256;
}

async function download(
  url: string,
  cache: RequestCache,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const stalled = new AbortController();
  const stall = () => stalled.abort(new DOMException(`No data arrived for ${STALL_MS} ms`, 'TimeoutError'));
  let timer = setTimeout(stall, STALL_MS);
  const either = anySignal(signal, stalled.signal);
  try {
    const response = await fetch(url, { cache, signal: either });
    if (!response.ok || !response.body) {
      const { status } = response;
      throw new FailureError({ code: 'AssetsNotLoaded', message: `Could not fetch ${url}: status ${status}`, status });
    }
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let received = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(stall, STALL_MS);
      chunks.push(part.value);
      received += part.value.length;
      onBytes(received);
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } catch (error) {
    if (error instanceof FailureError) throw error;
    // Chrome before 124 throws an `AbortError` whatever the reason:
    // https://github.com/mdn/browser-compat-data/issues/20381
    const { reason } = either as { reason?: unknown };
    const late = reason instanceof DOMException && reason.name === 'TimeoutError';
    throw new FailureError({
      code: late ? 'AssetsTimedOut' : 'AssetsNotLoaded',
      message: `Could not fetch ${url}: ${String(error)}`,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** If Cache Storage is forbidden, merely accessing `caches` can throw. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(ASSET_CACHE);
  } catch {
    return null;
  }
}

function keyOf(url: string, { sha256: hash }: DetectorFile): string {
  const key = new URL(url);
  key.searchParams.set('sha256', hash);
  return key.href;
}

/** Stores the file and deletes earlier versions of it. */
async function keep(cache: Cache | null, key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!cache) return;
  await cache.put(key, new Response(bytes));
  const { origin, pathname } = new URL(key);
  for (const { url } of await cache.keys()) {
    const other = new URL(url);
    if (other.origin === origin && other.pathname === pathname && url !== key) await cache.delete(url);
  }
}
