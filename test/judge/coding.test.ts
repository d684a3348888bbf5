/** A JPEG's markers tell how much decoding would cost, before anything is decoded. */
import { describe, expect, it } from 'vitest';
import { checkCoding } from '../../demo/server/judge/default/coding.js';
import type { ImageRefusal } from '../../demo/server/judge/default/refusal.js';
import { beginningWith, END_OF_IMAGE, greyJpeg, scan, segment, START_OF_IMAGE } from './coded.js';

function codeOf(jpeg: Uint8Array): string | null {
  try {
    checkCoding(jpeg);
    return null;
  } catch (error) {
    return (error as ImageRefusal).code;
  }
}

const MOST = 32;
const full = greyJpeg({ scans: MOST });
const ending = (...bytes: number[]) => new Uint8Array([...full.subarray(0, -2), ...bytes, ...END_OF_IMAGE]);

describe('checkCoding', () => {
  it('accepts 32 scans and refuses 33 with ImageTooManyScans', () => {
    expect(codeOf(full)).toBeNull();
    expect(codeOf(ending(...scan(1, 63)))).toBe('ImageTooManyScans');
  });

  it.each<[string, number[]]>([
    ['a stuffed byte', [0xff, 0x00]],
    ['a restart marker', [0xff, 0xd3]],
    ['padding', [0xff, 0xff, 0xff]],
    ['padding and a stuffed byte', [0xff, 0xff, 0x00]],
    ['a reserved marker', [0xff, 0x02]],
    ['a second start of image', START_OF_IMAGE],
    ['a segment of declared length 0', [0xff, 0xfe, 0, 0]],
    ['a comment', segment(0xfe, [0xff, 0xd9])],
  ])('counts a scan that follows %s', (_, bytes) => {
    expect(codeOf(ending(...bytes))).toBeNull();
    expect(codeOf(ending(...bytes, ...scan(1, 63)))).toBe('ImageTooManyScans');
  });

  it('does not count the scans of a thumbnail or of a second picture', () => {
    expect(codeOf(beginningWith(segment(0xe1, [...greyJpeg({})]), full))).toBeNull();
    expect(codeOf(new Uint8Array([...full, ...full]))).toBeNull();
  });

  it('accepts a file that is cut off anywhere', () => {
    for (let length = 2; length < full.length; length++) expect(codeOf(full.subarray(0, length))).toBeNull();
  });
});

it('checkCoding accepts Huffman codes and refuses arithmetic, lossless and hierarchical ones', () => {
  const framing = Array.from({ length: 16 }, (_, index) => 0xc0 + index);
  const taken = framing.filter((coding) => codeOf(greyJpeg({ coding })) === null);
  // 0xc0 to 0xc2 are Huffman-coded frames. 0xc4, 0xc8 and 0xcc start no frame: Huffman tables, reserved, conditioning.
  expect(taken).toEqual([0xc0, 0xc1, 0xc2, 0xc4, 0xc8, 0xcc]);
});
