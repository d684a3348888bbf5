/** Fingerprints: which changes they survive, how they are compared, and that the index finds all similar ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, FRAME_RULES } from '../../demo/server/judge/default/decode.js';
import {
  distance,
  isCopy,
  lookupKeys,
  perceptualHash,
  REDUCED_SIDE,
} from '../../demo/server/judge/default/fingerprint.js';
import { reduce } from '../../demo/server/judge/default/reduce.js';
import { portrait, portraitAs } from './pictures.js';

const DIGITS = 64;
const hash = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: DIGITS, maxLength: DIGITS });
const hex = (digits: readonly number[]): string => digits.map((digit) => digit.toString(16)).join('');

/** The fingerprint in hex, with the bits at these places flipped. */
function turned(digits: readonly number[], places: readonly number[]): string {
  const changed = [...digits];
  for (const place of new Set(places)) {
    const digit = place >> 2;
    changed[digit] = (changed[digit] ?? 0) ^ (1 << (place & 3));
  }
  return hex(changed);
}

const places = (most: number) => fc.uniqueArray(fc.integer({ min: 0, max: 4 * DIGITS - 1 }), { maxLength: most });

describe('the distance of two fingerprints', () => {
  it('is the number of bits that differ', () => {
    fc.assert(
      fc.property(hash, places(40), (digits, at) => {
        expect(distance(hex(digits), turned(digits, at))).toBe(at.length);
      }),
    );
  });

  it('is above a given limit exactly when more bits differ, though it may stop counting there', () => {
    fc.assert(
      fc.property(hash, places(40), fc.integer({ min: 0, max: 40 }), (digits, at, most) => {
        expect(distance(hex(digits), turned(digits, at), most) <= most).toBe(at.length <= most);
      }),
    );
  });
});

it('fingerprints that differ in at most 7 bits share a lookup key', () => {
  fc.assert(
    fc.property(hash, places(7), (digits, at) => {
      const [a, b] = [hex(digits), turned(digits, at)].map((whole) => lookupKeys({ whole, face: '' }));
      expect(a?.some((key) => b?.includes(key))).toBe(true);
    }),
  );
});

it('isCopy is true for a re-encoded, smaller or lighter picture and false for other pictures', async () => {
  const fingerprint = async (bytes: Uint8Array) => {
    const image = await decode(bytes, FRAME_RULES);
    const whole = { left: 0, top: 0, width: image.width, height: image.height };
    const value = perceptualHash(reduce(image, whole, REDUCED_SIDE, REDUCED_SIDE).values);
    return { whole: value, face: value };
  };
  const original = await fingerprint(portrait());
  const copies = [
    await portraitAs((p) => p.jpeg({ quality: 60 })),
    await portraitAs((p) => p.resize({ width: 480 }).jpeg()),
    await portraitAs((p) => p.linear(1.1, 4).jpeg()),
  ];
  for (const copy of copies) expect(isCopy(original, await fingerprint(copy))).toBe(true);
  for (const name of ['franck_02159.jpg', 'franck_02221.jpg', 'obama4_crop.jpg']) {
    expect(isCopy(original, await fingerprint(portrait(name))), name).toBe(false);
  }
});
