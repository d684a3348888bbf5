/** Subscription keys: several may be valid at once, so that they can be replaced one by one. */
import { fingerprint } from '../loggable.js';

export interface KeyCheck {
  /** @returns which of the keys it is, counted from 1; 0: none of them */
  (presented: string | undefined): number;
  /** For the log, one for each key: unlike its position it stays when another key is removed. */
  fingerprints: Promise<readonly string[]>;
}

/**
 * Why `isUsableKey` refuses a key: it must be hard to guess and fit into a header. The words do not contain the key.
 */
export const UNUSABLE_KEY = 'has fewer than 16 characters, or others than those of ASCII';

export function isUsableKey(key: string): boolean {
  return /^[\x20-\x7e]{16,}$/.test(key);
}

/**
 * Compares every known key, in a time that does not depend on which of them matches or how far. Without hashing: Web
 * Crypto hashes on the threads that also decode pictures, and every request with a key would queue behind them.
 */
export function createKeyCheck(keys: readonly string[]): KeyCheck {
  if (keys.length === 0) throw new Error('At least one API key is needed');
  if (!keys.every(isUsableKey)) throw new Error(`An API key ${UNUSABLE_KEY}`);
  const known = keys.map((key) => new TextEncoder().encode(key));
  const find = (presented = ''): number => {
    let position = 0;
    known.forEach((key, index) => (position = equal(key, presented) ? index + 1 : position));
    return position;
  };
  // Hashed once, at the start, and not in a request's way.
  return Object.assign(find, { fingerprints: Promise.all(keys.map(fingerprint)) });
}

function equal(key: Uint8Array, presented: string): boolean {
  // The candidate is as long as the key, whatever was presented, and so the comparison always takes the same time.
  const candidate = new Uint8Array(key.length);
  new TextEncoder().encodeInto(presented, candidate);
  let difference = presented.length ^ key.length;
  candidate.forEach((byte, index) => (difference |= byte ^ (key[index] ?? 0)));
  return difference === 0;
}
