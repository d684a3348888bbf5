/** Scales a part of a picture down to luma; each pixel is the mean of all pixels it covers. */
import type { FaceRectangle } from '../../../../src/protocol/geometry.js';
import type { Reduced } from './same-picture.js';
import type { PixelImage } from './software-gl.js';

/** @param part pixels of the picture; outside of the picture, its nearest edge is used */
export function reduce(image: PixelImage, part: FaceRectangle, width: number, height: number): Reduced {
  const values = new Uint8Array(width * height);
  const columns = spans(part.left, part.width, width, image.width);
  const rows = spans(part.top, part.height, height, image.height);
  rows.forEach(([top, bottom], y) =>
    columns.forEach(([left, right], x) => {
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        for (let at = (row * image.width + left) * 4; at < (row * image.width + right) * 4; at += 4) {
          sum += (image.data[at] ?? 0) * 77 + (image.data[at + 1] ?? 0) * 150 + (image.data[at + 2] ?? 0) * 29;
        }
      }
      values[y * width + x] = sum / ((bottom - top) * (right - left) * 256);
    }),
  );
  return { width, height, values };
}

/** The ranges of pixels, first and end (exclusive), that go into each of `count` pixels. */
function spans(start: number, length: number, count: number, limit: number): [number, number][] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.min(limit - 1, Math.max(0, Math.round(start + (index * length) / count)));
    const to = Math.min(limit, Math.max(from + 1, Math.round(start + ((index + 1) * length) / count)));
    return [from, to];
  });
}
