import type { Picture } from '../../src/protocol/worker-api.js';

/** Aspect ratio (width over height) to which wider pictures are cropped. */
const WIDEST = 4 / 3;

/**
 * Crops a wide picture to its middle. The detector scales every picture down to 128 pixels, so the sides would lower
 * the resolution of a distant face; and what is not analysed need not be sent.
 *
 * @returns a new picture, made without copying pixels, which has to be closed separately; or `picture` itself if there
 * is nothing to crop
 */
export function narrow(picture: Picture): Picture {
  if (picture instanceof ImageData) return picture;
  const { displayWidth, displayHeight, codedWidth, codedHeight, visibleRect } = picture;
  // Even numbers, because one chroma sample covers two pixels.
  const width = Math.floor((displayHeight * WIDEST) / 2) * 2;
  const isPlain = visibleRect?.width === displayWidth && visibleRect.height === displayHeight;
  if (width >= displayWidth || !isPlain || codedWidth < displayWidth || codedHeight < displayHeight) return picture;
  const x = visibleRect.x + Math.floor((displayWidth - width) / 4) * 2;
  return new VideoFrame(picture, { visibleRect: { x, y: visibleRect.y, width, height: displayHeight } });
}
