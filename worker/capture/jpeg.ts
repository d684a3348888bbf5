import type { Picture } from '../../src/protocol/worker-api.js';
import { pictureSize, Surface } from '../picture.js';

const QUALITY = 0.92;

/** Maximum long side of a frame that is sent, in pixels. */
const LONG_SIDE = 1280;

/** Encodes the whole picture, unmirrored, as JPEG. The picture is read before this returns and may then be closed. */
export async function encodeJpeg(picture: Picture): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = pictureSize(picture);
  const canvas = new Surface().draw(picture, jpegScale(width, height));
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  return new Uint8Array(await blob.arrayBuffer());
}

/** Factor from pixels of the picture to pixels of the JPEG. */
export function jpegScale(width: number, height: number): number {
  return Math.min(1, LONG_SIDE / Math.max(width, height));
}
