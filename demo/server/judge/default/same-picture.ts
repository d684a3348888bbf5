/**
 * Whether two frames are one picture sent twice. Re-encoding and noise change all of a picture a little; a person who
 * holds still changes a few places of it a lot. So the block that changed most is decisive.
 */

/** Luma of a reduced picture, 0…255, row by row. */
export interface Reduced {
  width: number;
  height: number;
  values: Uint8Array;
}

export const REDUCED_WIDTH = 160;
const BLOCK = 8;

/**
 * Mean absolute difference of the block that changed most. Measured: at most 1.8 between copies, and at least 2.9
 * between moments 0.3 s apart.
 */
const SAME_BELOW = 2;

export function isSamePicture(a: Reduced, b: Reduced): boolean {
  return a.width === b.width && a.height === b.height && strongestChange(a, b) < SAME_BELOW;
}

/**
 * @returns mean absolute difference of the block that changed most, 0…255, after removing the change in overall
 * brightness
 */
function strongestChange(a: Reduced, b: Reduced): number {
  const lighter = mean(a.values) - mean(b.values);
  let strongest = 0;
  for (let top = 0; top + BLOCK <= a.height; top += BLOCK) {
    for (let left = 0; left + BLOCK <= a.width; left += BLOCK) {
      let sum = 0;
      for (let pixel = 0; pixel < BLOCK * BLOCK; pixel++) {
        const at = (top + (pixel >> 3)) * a.width + left + (pixel & 7);
        sum += Math.abs((a.values[at] ?? 0) - (b.values[at] ?? 0) - lighter);
      }
      strongest = Math.max(strongest, sum / (BLOCK * BLOCK));
    }
  }
  return strongest;
}

function mean(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
