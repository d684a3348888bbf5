/** Files that strangers may send. */
import { greyJpeg } from './coded.js';
import { animatedPng, animatedWebp, bitmap, bomb, claiming, portrait, portraitAs } from './pictures.js';

type Bytes = Uint8Array<ArrayBuffer>;
const text = (content: string): Bytes => new TextEncoder().encode(content);

/** A file, and the codes it is refused with as a frame and as a verify image; null if it is accepted. */
type Sent = [what: string, bytes: () => Bytes | Promise<Bytes>, frame: string | null, verify: string | null];

const files: Sent[] = [
  ['a JPEG', () => portrait(), null, null],
  ['a grey JPEG', () => portraitAs((p) => p.greyscale().jpeg()), null, null],
  ['a progressive JPEG', () => portraitAs((p) => p.jpeg({ progressive: true })), null, null],
  ['a JPEG of 33 scans', () => greyJpeg({ scans: 33 }), ...both('ImageTooManyScans')],
  ['a JPEG of 25,000 scans', () => greyJpeg({ scans: 25_000 }), ...both('ImageTooManyScans')],
  ['a JPEG with arithmetic codes', () => greyJpeg({ coding: 0xca, scans: 30 }), ...both('ImageFormatUnsupported')],
  ['a PNG', () => portraitAs((p) => p.png()), 'ImageFormatUnsupported', null],
  ['a PNG with a palette', () => portraitAs((p) => p.png({ palette: true, effort: 1 })), 'ImageFormatUnsupported', null],
  ['a WebP', () => portraitAs((p) => p.webp()), 'ImageFormatUnsupported', null],
  ['a BMP', () => bitmap(), 'ImageFormatUnsupported', null],
  ['a truncated BMP', async () => (await bitmap()).slice(0, 9_000), 'ImageFormatUnsupported', 'ImageDamaged'],
  ['a GIF', () => portraitAs((p) => p.gif({ effort: 1 })), 'ImageFormatUnsupported', 'ImageFormatUnsupported'],
  ['a TIFF', () => portraitAs((p) => p.tiff()), 'ImageFormatUnsupported', 'ImageFormatUnsupported'],
  ['an SVG', () => text('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"/>'), ...both('ImageFormatUnsupported')],
  ['an SVG that says WebP', () => text(`<!--    WEBP--><svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">${' '.repeat(1024)}</svg>`), ...both('ImageFormatUnsupported')],
  ['HTML', () => text('<html>'.repeat(500)), ...both('ImageFormatUnsupported')],
  ['an empty file', () => new Uint8Array(), ...both('ImageFormatUnsupported')],
  ['a JPEG signature and zeros', () => new Uint8Array([0xff, 0xd8, 0xff, ...new Array<number>(4000).fill(0)]), ...both('ImageNotDecodable')],
  ['half a JPEG', () => portrait().slice(0, 20_000), ...both('ImageDamaged')],
  ['nearly all of a JPEG', () => portrait().slice(0, Math.floor(portrait().length * 0.97)), ...both('ImageDamaged')],
  ['half a PNG', async () => (await portraitAs((p) => p.png())).slice(0, 50_000), 'ImageFormatUnsupported', 'ImageDamaged'],
  ['a CMYK JPEG', () => portraitAs((p) => p.toColourspace('cmyk').jpeg()), ...both('ImageColoursUnsupported')],
  ['a PNG of 16 bits', () => portraitAs((p) => p.toColourspace('rgb16').png()), 'ImageFormatUnsupported', 'ImageDepthUnsupported'],
  ['a JPEG on its side', () => portraitAs((p) => p.withMetadata({ orientation: 6 }).jpeg()), 'ImageRotated', null],
  ['an animated PNG', animatedPng, 'ImageFormatUnsupported', 'ImageAnimated'],
  ['an animated WebP', animatedWebp, 'ImageFormatUnsupported', 'ImageAnimated'],
  ['a JPEG of 4,096 megapixels', () => claiming(portrait(), 64_000), ...both('ImageTooLarge')],
  ['a PNG of 29 megapixels', () => bomb(5_400, 'png'), 'ImageFormatUnsupported', 'ImageTooLarge'],
  ['a WebP of 29 megapixels', () => bomb(5_400, 'webp'), 'ImageFormatUnsupported', 'ImageTooLarge'],
  ['a JPEG of 120 by 30,720', () => portraitAs((p) => p.resize(120, 30_720, { fit: 'fill' }).jpeg()), ...both('ImageTooNarrow')],
  ['a BMP of 1,200 by 200', () => bitmap({ width: 1_200, height: 200 }), 'ImageFormatUnsupported', 'ImageTooNarrow'],
  ['a JPEG of 60 by 40', () => portraitAs((p) => p.resize(60, 40).jpeg()), ...both('ImageTooSmall')],
]; // prettier-ignore

/** Each file is made only once, however often it is sent: the largest take half a second. */
export const FILES: Sent[] = files.map(([what, make, ...codes]) => {
  let made: ReturnType<typeof make> | undefined;
  return [what, () => (made ??= make()), ...codes];
});

function both(code: string): [string, string] {
  return [code, code];
}
