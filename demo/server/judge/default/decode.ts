/**
 * Decodes the bytes a client sent, within limits. The header is checked before anything is decoded. Only a reduced
 * picture is kept; a BMP is decoded whole first. Every refusal has a code.
 */
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { formatOf, type ImageFormat } from '../../../../src/protocol/image-format.js';
import { MIN_FRAME_SIDE } from '../../../../src/protocol/wire.js';
import { isAnimated } from './animated.js';
import { decodeBmp, readBmpHeader } from './bmp.js';
import { checkCoding } from './coding.js';
import { ImageRefusal, type ImageRefusalCode } from './refusal.js';
import { checkSize, type SizeRules } from './size.js';
import type { PixelImage } from './software-gl.js';

export interface DecodingRules extends SizeRules {
  formats: readonly ImageFormat[];
  /**
   * What to do with a picture that is stored on its side, as cameras do: turn it upright, or refuse it, because
   * coordinates come with it.
   */
  orientation: 'apply' | 'refuse';
}

/** Frames of the element: JPEG from a canvas, upright, at most 1280 pixels on their long side. */
export const FRAME_RULES: DecodingRules = {
  formats: ['jpeg'],
  maxPixels: 1920 * 1920,
  minSide: MIN_FRAME_SIDE,
  orientation: 'refuse',
};

/** Pictures from an identity document or a user account, as cameras and scanners write them. */
export const VERIFY_IMAGE_RULES: DecodingRules = {
  formats: ['jpeg', 'png', 'webp', 'bmp'],
  maxPixels: 6000 * 4500,
  minSide: 80,
  orientation: 'apply',
};

/** Long side, in pixels, at which pictures are analysed. */
const LONG_SIDE = 640;

const TIMEOUT_SECONDS = 5;

// Each thread decodes one picture at a time, and none of them twice.
sharp.concurrency(1);
sharp.cache(false);

interface Size {
  width: number;
  height: number;
}

export interface DecodedImage extends PixelImage {
  /** Size of the encoded picture when upright, in pixels. */
  encoded: Size;
  /** Pixels of the encoded picture per pixel of this image. */
  scale: number;
}

/** Checks headers and markers, without decoding. @returns the format, and the size when upright @throws ImageRefusal */
export async function checkHeader(bytes: Uint8Array, rules: DecodingRules): Promise<Size & { format: ImageFormat }> {
  const format = formatOf(bytes);
  // sharp reads many more formats, and each is one more parser that strangers could attack.
  if (format === null || !rules.formats.includes(format)) throw new ImageRefusal('ImageFormatUnsupported');
  if (isAnimated(bytes, format)) throw new ImageRefusal('ImageAnimated');
  if (format === 'jpeg') checkCoding(bytes);
  if (format === 'bmp') {
    const { width, height } = readBmpHeader(bytes, rules);
    return { format, width, height };
  }
  const header = await readable(sharp(bytes, optionsOf(rules)).metadata(), 'ImageNotDecodable');
  check(header, rules);
  return { format, ...header.autoOrient };
}

/** @throws ImageRefusal */
export async function decode(bytes: Uint8Array, rules: DecodingRules): Promise<DecodedImage> {
  const { format, width, height } = await checkHeader(bytes, rules);
  const { data, info } = await readable(
    (format === 'bmp' ? openBmp(bytes, rules) : sharp(bytes, optionsOf(rules)))
      .timeout({ seconds: TIMEOUT_SECONDS })
      .rotate()
      .resize({ width: LONG_SIDE, height: LONG_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#808080' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true }),
    'ImageDamaged',
  );
  if (info.channels !== 4) throw new ImageRefusal('ImageColoursUnsupported');
  return {
    width: info.width,
    height: info.height,
    data,
    encoded: { width, height },
    scale: Math.max(width, height) / Math.max(info.width, info.height),
  };
}

function openBmp(bytes: Uint8Array, rules: DecodingRules): Sharp {
  const { width, height, data } = decodeBmp(bytes, rules);
  return sharp(data, { ...optionsOf(rules), raw: { width, height, channels: 4 } });
}

function optionsOf({ maxPixels }: DecodingRules): SharpOptions {
  // Ignores colour profiles, because a client's profile may take long to apply: one of 8 kB took 2.3 s, one of 80 kB
  // more than a minute. For faces in Display P3, which phones write, this changes distances by less than a tenth of the
  // distance between two people.
  return { ignoreIcc: true, limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true };
}

function check(header: Metadata, rules: DecodingRules): void {
  const { width, height, depth, space, orientation = 1 } = header;
  const refuse = (code: ImageRefusalCode): never => {
    throw new ImageRefusal(code);
  };
  checkSize(width, height, rules);
  if (depth !== 'uchar') refuse('ImageDepthUnsupported');
  if (space !== 'srgb' && space !== 'b-w') refuse('ImageColoursUnsupported');
  if (rules.orientation === 'refuse' && orientation !== 1) refuse('ImageRotated');
}

/** Replaces the decoder's error text, which may quote what the client sent. */
async function readable<Value>(reading: Promise<Value>, code: ImageRefusalCode): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    const tooLarge = /pixel limit/i.test(String(error));
    throw new ImageRefusal(tooLarge ? 'ImageTooLarge' : code, { cause: error });
  }
}
