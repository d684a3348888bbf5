/**
 * Windows bitmaps, which the picture library does not read: uncompressed, 8 bits with a palette, 24 or 32 bits
 * (BITMAPINFOHEADER and its successors). Anything else is refused.
 */
import { ImageRefusal } from './refusal.js';
import { checkSize, type SizeRules } from './size.js';
import type { PixelImage } from './software-gl.js';

const FILE_HEADER = 14;
const INFO_HEADER = 40;
const UNCOMPRESSED = 0;
/** Compression type: colour masks follow the header. Many programs use it for 32-bit files, with the usual masks. */
const BIT_FIELDS = 3;
const USUAL_RED_MASK = 0x00ff0000;

interface Layout {
  width: number;
  height: number;
  bits: number;
  topDown: boolean;
  /** Offsets of the palette and of the pixels, from the start of the file. */
  palette: number;
  start: number;
  /** Bytes of a row. */
  stride: number;
}

/** Reads the headers without looking at the pixels. @throws ImageRefusal */
export function readBmpHeader(bytes: Uint8Array, rules: SizeRules): Layout {
  if (bytes.length < FILE_HEADER + INFO_HEADER) throw new ImageRefusal('ImageNotDecodable');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerSize = view.getUint32(FILE_HEADER, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const [height, topDown] = [Math.abs(signedHeight), signedHeight < 0];
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (headerSize < INFO_HEADER || width <= 0 || height === 0) throw new ImageRefusal('ImageNotDecodable');
  checkSize(width, height, rules);
  const usualMasks = compression === BIT_FIELDS && bits === 32 && view.getUint32(54, true) === USUAL_RED_MASK;
  if (compression !== UNCOMPRESSED && !usualMasks) throw new ImageRefusal('ImageFormatUnsupported');
  if (bits !== 8 && bits !== 24 && bits !== 32) throw new ImageRefusal('ImageDepthUnsupported');

  const stride = Math.ceil((width * bits) / 32) * 4;
  const start = view.getUint32(10, true);
  if (start + stride * height > bytes.length) throw new ImageRefusal('ImageDamaged');
  return { width, height, bits, topDown, palette: FILE_HEADER + headerSize, start, stride };
}

/** @throws ImageRefusal */
export function decodeBmp(bytes: Uint8Array, rules: SizeRules): PixelImage {
  const { width, height, bits, topDown, palette, start, stride } = readBmpHeader(bytes, rules);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = start + stride * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const from = bits === 8 ? palette + 4 * (bytes[row + x] ?? 0) : row + (x * bits) / 8;
      const to = (y * width + x) * 4;
      data[to] = bytes[from + 2] ?? 0;
      data[to + 1] = bytes[from + 1] ?? 0;
      data[to + 2] = bytes[from] ?? 0;
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
}
