/**
 * How much a face and its background have changed since an earlier picture, each after the shift that fits it best: if
 * a person turns the head in front of a wall, only the face changes; if someone tilts a flat picture, its background
 * changes too.
 */
import type { FaceRectangle } from '../../../../src/protocol/geometry.js';
import type { Reduced } from './same-picture.js';

export interface Change {
  /** Mean absolute differences of luma, 0…255. */
  face: number;
  background: number;
}

/** Largest shift that is tried, in pixels of the reduced picture. */
const REACH = 8;
/**
 * The background begins where the head is sure to have ended: this far from the face, as a share of the size of the
 * face.
 */
const HEAD = 0.45;
/** A difference over fewer pixels than this means nothing. */
const LEAST_PIXELS = 400;

/** @returns null if too little background is in view */
export function changeSince(before: Reduced, now: Reduced, face: FaceRectangle): Change | null {
  if (before.width !== now.width || before.height !== now.height) return null;
  const [left, right] = [face.left - HEAD * face.width, face.left + (1 + HEAD) * face.width];
  const [top, bottom] = [face.top - HEAD * face.height, face.top + 0.8 * face.height];
  const isFace = (x: number, y: number): boolean =>
    x >= face.left && x < face.left + face.width && y >= face.top && y < face.top + face.height;
  // Beside and above the head. Below it are the shoulders, which may move in any way.
  const isBackground = (x: number, y: number): boolean => y < bottom && (x < left || x >= right || y < top);
  const pixels = pixelsWhere(now, isFace);
  const around = pixelsWhere(now, isBackground);
  if (around.length < LEAST_PIXELS || pixels.length < LEAST_PIXELS) return null;
  return { face: leastDifference(before, now, pixels), background: leastDifference(before, now, around) };
}

/** Only pixels that stay inside the picture for any shift. */
function pixelsWhere({ width, height }: Reduced, belongs: (x: number, y: number) => boolean): number[] {
  const pixels: number[] = [];
  for (let y = REACH; y < height - REACH; y++) {
    for (let x = REACH; x < width - REACH; x++) if (belongs(x, y)) pixels.push(y * width + x);
  }
  return pixels;
}

/** The least mean difference over all shifts: a coarse search first, then finer steps around the best. */
function leastDifference(before: Reduced, now: Reduced, pixels: readonly number[]): number {
  const difference = (x: number, y: number): number => {
    const shift = y * now.width + x;
    return pixels.reduce((sum, at) => sum + Math.abs((now.values[at] ?? 0) - (before.values[at + shift] ?? 0)), 0);
  };
  let best = { x: 0, y: 0, value: difference(0, 0) };
  for (const step of [4, 2, 1]) {
    const { x: middleX, y: middleY } = best;
    for (const x of [middleX - step, middleX, middleX + step]) {
      for (const y of [middleY - step, middleY, middleY + step]) {
        if (Math.abs(x) > REACH || Math.abs(y) > REACH) continue;
        const value = difference(x, y);
        if (value < best.value) best = { x, y, value };
      }
    }
  }
  return best.value / pixels.length;
}
