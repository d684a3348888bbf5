/** Subscription keys: several may be valid at once, so that they can be replaced one by one. */
import { sha256 } from '../../../../src/protocol/digest.js';

/** @returns which of the keys it is, counted from 1; 0: none of them */
export type KeyCheck = (presented: string | undefined) => Promise<number>;

/** Of a key that nobody could guess, and that a header can carry. The words do not say which it is. */
export const UNUSABLE_KEY = 'has fewer than 16 characters, or others than those of ASCII';

export function isUsableKey(key: string): boolean {
  return /^[\x20-\x7e]{16,}$/.test(key);
}

/** Every known key is compared, in a time that does not depend on which of them matches or how far. */
export function createKeyCheck(keys: readonly string[]): KeyCheck {
  if (keys.length === 0) throw new Error('At least one API key is needed');
  if (!keys.every(isUsableKey)) throw new Error(`An API key ${UNUSABLE_KEY}`);
  const known = Promise.all(keys.map(hash));
  return async (presented) => {
    const candidate = await hash(presented ?? '');
    let position = 0;
    (await known).forEach((key, index) => (position = equal(key, candidate) ? index + 1 : position));
    return position;
  };
}

function hash(text: string): Promise<Uint8Array> {
  return sha256(new TextEncoder().encode(text));
}

/** Over hashes, so that even a difference in time would not tell anything about the key. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}
