/** JPEGs assembled byte by byte (ITU-T T.81), in codings that no encoder writes. */

type Bytes = Uint8Array<ArrayBuffer>;

const SIDE = 128;
export const PROGRESSIVE = 0xc2;
export const START_OF_IMAGE = [0xff, 0xd8];
export const END_OF_IMAGE = [0xff, 0xd9];

export function segment(marker: number, content: readonly number[]): number[] {
  const length = content.length + 2;
  return [0xff, marker, length >> 8, length & 255, ...content];
}

/** A Huffman table with a single code, one zero bit: no difference (DC), or end of block (AC). */
const table = (kind: number) => segment(0xc4, [kind, 1, ...new Array<number>(15).fill(0), 0]);

/** A scan of the coefficients `first` to `last`: one zero bit for each block. */
export function scan(first: number, last: number): number[] {
  return [...segment(0xda, [1, 1, 0, first, last, 0]), ...new Array<number>(SIDE ** 2 / 64 / 8).fill(0)];
}

/** A grey square. */
export function greyJpeg({ scans = 2, coding = PROGRESSIVE }: { scans?: number; coding?: number }): Bytes {
  return new Uint8Array([
    ...START_OF_IMAGE,
    ...segment(0xdb, [0, ...new Array<number>(64).fill(16)]),
    ...segment(coding, [8, 0, SIDE, 0, SIDE, 1, 1, 0x11, 0]),
    ...table(0x00),
    ...table(0x10),
    ...scan(0, 0),
    ...Array.from({ length: scans - 1 }, () => scan(1, 63)).flat(),
    ...END_OF_IMAGE,
  ]);
}

/** The JPEG with these bytes inserted after its first two. */
export function beginningWith(bytes: readonly number[], jpeg: Bytes): Bytes {
  return new Uint8Array([...START_OF_IMAGE, ...bytes, ...jpeg.subarray(2)]);
}

/** The JPEG without the segments that hold its colour profile. */
export function withoutProfile(jpeg: Bytes): Bytes {
  const at = Buffer.from(jpeg.buffer).indexOf('ICC_PROFILE') - 4;
  const end = at + 2 + new DataView(jpeg.buffer).getUint16(at + 2);
  return new Uint8Array([...jpeg.subarray(0, at), ...jpeg.subarray(end)]);
}
