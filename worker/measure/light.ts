/** Light and sharpness from pixels. Input is RGBA as from a canvas; luma is Rec. 601. */
import type { FrameMeasurements } from '../../src/protocol/measurements.js';

/** A pixel whose strongest channel is beyond these bounds has lost its detail. */
const FULL = 250;
const EMPTY = 16;

export interface Luma {
  width: number;
  height: number;
  /** 0…255, row by row. */
  values: Uint8Array;
  /** The strongest channel of each pixel: on skin, red is overexposed long before the luma is white. */
  peaks: Uint8Array;
}

export function lumaOf(image: { width: number; height: number; data: Uint8ClampedArray }): Luma {
  const values = new Uint8Array(image.width * image.height);
  const peaks = new Uint8Array(values.length);
  for (let pixel = 0, byte = 0; pixel < values.length; pixel++, byte += 4) {
    const [red, green, blue] = [image.data[byte] ?? 0, image.data[byte + 1] ?? 0, image.data[byte + 2] ?? 0];
    values[pixel] = (red * 77 + green * 150 + blue * 29) >> 8;
    peaks[pixel] = Math.max(red, green, blue);
  }
  return { width: image.width, height: image.height, values, peaks };
}

type FaceLight = Pick<FrameMeasurements, 'faceBrightness' | 'clippedBright' | 'clippedDark' | 'sideLight'>;

/** @param face only the face, cropped tightly */
export function faceLight({ width, height, values, peaks }: Luma): FaceLight {
  let [left, right, bright, dark] = [0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = values[y * width + x] ?? 0;
      if (x * 2 < width) left += value;
      else right += value;
      const peak = peaks[y * width + x] ?? 0;
      if (peak >= FULL) bright++;
      else if (peak <= EMPTY) dark++;
    }
  }
  const total = left + right;
  return {
    faceBrightness: total / (values.length * 255),
    clippedBright: bright / values.length,
    clippedDark: dark / values.length,
    sideLight: total > 0 ? Math.abs(left - right) / total : 0,
  };
}

/**
 * Variance of the Laplacian (Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy, 2000) of a face at a
 * fixed size, so that the result does not depend on the resolution of the camera. It is divided by the contrast,
 * because a dark picture is not a blurred one: the result is in per mille of the luma variance of the face.
 */
export function sharpness({ width, height, values }: Omit<Luma, 'peaks'>): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const laplacian =
        4 * (values[at] ?? 0) -
        (values[at - 1] ?? 0) -
        (values[at + 1] ?? 0) -
        (values[at - width] ?? 0) -
        (values[at + width] ?? 0);
      sum += laplacian;
      squares += laplacian * laplacian;
      count++;
    }
  }
  const contrast = variance(values);
  return contrast > 0 ? ((squares / count - (sum / count) ** 2) / contrast) * 1000 : 0;
}

function variance(values: Uint8Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return squares / values.length - (sum / values.length) ** 2;
}

/** Mean luma, 0…1. */
export function meanBrightness({ values }: Omit<Luma, 'peaks'>): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length * 255);
}

/** Mean absolute difference of luma, 0…255; 255 if there is no previous picture of the same size. */
export function meanChange(before: Luma | null, now: Luma): number {
  if (before?.width !== now.width || before.height !== now.height) return 255;
  const sum = now.values.reduce((total, value, at) => total + Math.abs(value - (before.values[at] ?? 0)), 0);
  return sum / now.values.length;
}

/** Mean luma, 0…1, of the picture outside `hole` (pixels of the same picture). */
export function brightnessAround(
  { width, height, values }: Luma,
  hole: { left: number; top: number; width: number; height: number },
): number {
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y++) {
    const insideRows = y >= hole.top && y < hole.top + hole.height;
    for (let x = 0; x < width; x++) {
      if (insideRows && x >= hole.left && x < hole.left + hole.width) continue;
      sum += values[y * width + x] ?? 0;
      count++;
    }
  }
  return count > 0 ? sum / (count * 255) : 0;
}
