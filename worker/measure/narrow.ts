import type { Picture } from '../../src/protocol/worker-api.js';

/** Widest picture that is looked at, width over height. */
const WIDEST = 4 / 3;

/**
 * The middle of a wide picture. The detector sees the whole of what it is given in 128 pixels, so what lies far to the
 * sides costs the resolution of a face that is far away; and what is not looked at need not be sent either.
 *
 * @returns a picture of its own without copying pixels, to be closed by itself; or `picture` where nothing is to be cut
 */
export function narrow(picture: Picture): Picture {
  if (picture instanceof ImageData) return picture;
  const { displayWidth, displayHeight, codedWidth, codedHeight, visibleRect } = picture;
  // Even numbers, because chroma is stored for two pixels at once.
  const width = Math.floor((displayHeight * WIDEST) / 2) * 2;
  const isPlain = visibleRect?.width === displayWidth && visibleRect.height === displayHeight;
  if (width >= displayWidth || !isPlain || codedWidth < displayWidth || codedHeight < displayHeight) return picture;
  const x = visibleRect.x + Math.floor((displayWidth - width) / 4) * 2;
  return new VideoFrame(picture, { visibleRect: { x, y: visibleRect.y, width, height: displayHeight } });
}
