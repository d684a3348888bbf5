/**
 * Perceptual hashes: one bit for each low frequency of a picture, set if its amplitude is above the median (after
 * Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010). A picture keeps nearly all of its
 * bits if it is re-encoded, scaled or brightened, but not if its content moves by a few pixels. Both the whole picture
 * and the upright face are hashed: only together do they distinguish one moment of a person from another.
 */
import type { Fingerprint } from './analysis.js';

/** Side of the reduced picture in pixels, and how many frequencies are used in each direction. */
export const REDUCED_SIDE = 64;
const WAVES = 16;

const COSINES = Array.from({ length: WAVES }, (_, wave) =>
  Float64Array.from({ length: REDUCED_SIDE }, (_, x) => Math.cos((Math.PI * (x + 0.5) * wave) / REDUCED_SIDE)),
);

/** @param luma `REDUCED_SIDE` squared values @returns 255 bits as 64 hex digits, the last bit unused */
export function perceptualHash(luma: ArrayLike<number>): string {
  const waves = transform(luma).slice(1);
  const median = [...waves].sort((a, b) => a - b)[waves.length >> 1] ?? 0;
  const bits = [...waves.map((value) => (value > median ? 1 : 0)), 0];
  return Array.from({ length: bits.length / 4 }, (_, digit) =>
    Number.parseInt(bits.slice(4 * digit, 4 * digit + 4).join(''), 2).toString(16),
  ).join('');
}

/** @returns how many bits differ; beyond `most`, the count may be too low */
export function distance(a: string, b: string, most = Infinity): number {
  let count = 0;
  for (let at = 0; at < a.length && count <= most; at += 8) {
    let difference = Number.parseInt(a.slice(at, at + 8), 16) ^ Number.parseInt(b.slice(at, at + 8), 16);
    for (; difference !== 0; difference &= difference - 1) count++;
  }
  return count;
}

/** Bits that re-encoding may flip; `docs/decisions.md` has the measurements. */
const WHOLE_BITS = 5;
const FACE_BITS = 14;

export function isCopy(a: Fingerprint, b: Fingerprint): boolean {
  // Stops counting early: nearly all of the thousands of candidates differ in the first digits.
  return distance(a.whole, b.whole, WHOLE_BITS) <= WHOLE_BITS && distance(a.face, b.face, FACE_BITS) <= FACE_BITS;
}

const KEYS = 8;
/** Least number of keys that two fingerprints of the same picture share: each differing bit changes only one key. */
export const LEAST_SHARED_KEYS = KEYS - WHOLE_BITS;

/** Eight keys of a fingerprint, by which a database finds the candidates with an index. */
export function lookupKeys({ whole }: Fingerprint): string[] {
  return Array.from({ length: KEYS }, (_, index) => `${index}:${whole.slice(8 * index, 8 * index + 8)}`);
}

function transform(luma: ArrayLike<number>): number[] {
  const rows = COSINES.map((cosine) =>
    Float64Array.from({ length: REDUCED_SIDE }, (_, y) => {
      let sum = 0;
      for (let x = 0; x < REDUCED_SIDE; x++) sum += (luma[y * REDUCED_SIDE + x] ?? 0) * (cosine[x] ?? 0);
      return sum;
    }),
  );
  return COSINES.flatMap((cosine) =>
    rows.map((row) => row.reduce((sum, value, y) => sum + value * (cosine[y] ?? 0), 0)),
  );
}
