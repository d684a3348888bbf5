/** Subscription keys: several may be valid at once, so that they can be replaced one by one. */
import { digestHex, sha256 } from '../../../../src/protocol/digest.js';

/** @returns the key's fingerprint, for the log; undefined if it is none of the keys */
export type KeyCheck = (presented: string | undefined) => Promise<string> | undefined;

/** Why `isUsableKey` refuses a key, without quoting the key. A key must be hard to guess and fit into a header. */
export const UNUSABLE_KEY = 'has fewer than 16 characters, or characters that are not printable ASCII';

export function isUsableKey(key: string): boolean {
  return /^[\x20-\x7e]{16,}$/.test(key);
}

/**
 * Compares the presented key with every known key, in a time that does not depend on which one matches, or how much of
 * it. It does so without hashing: Web Crypto hashes on the threads that also decode pictures, and every request with a
 * key would queue behind them. So the fingerprints are made at the start.
 */
export function createKeyCheck(keys: readonly string[]): KeyCheck {
  if (keys.length === 0) throw new Error('At least one API key is needed');
  if (!keys.every(isUsableKey)) throw new Error(`An API key ${UNUSABLE_KEY}`);
  const known = keys.map((key) => {
    const bytes = new TextEncoder().encode(key);
    return { bytes, fingerprint: fingerprint(bytes) };
  });
  return (presented = '') => {
    let found: Promise<string> | undefined;
    for (const { bytes, fingerprint } of known) found = equal(bytes, presented) ? fingerprint : found;
    return found;
  };
}

/** @returns the first 8 hex digits of the key's SHA-256: enough to find it by, too little to learn it from */
async function fingerprint(key: Uint8Array<ArrayBuffer>): Promise<string> {
  return digestHex(await sha256(key))
    .slice(0, 8)
    .toLowerCase();
}

function equal(key: Uint8Array, presented: string): boolean {
  // The candidate is always as long as the key, so the comparison always takes the same time.
  const candidate = new Uint8Array(key.length);
  new TextEncoder().encodeInto(presented, candidate);
  let difference = presented.length ^ key.length;
  candidate.forEach((byte, index) => (difference |= byte ^ (key[index] ?? 0)));
  return difference === 0;
}
