/** Cuts a face out, upright and at one size, so that faces can be compared point by point. */
import type { Point } from '../../../../src/protocol/geometry.js';
import type { PixelImage } from './software-gl.js';

/** Maps a point (x, y) to (a·x − b·y + tx, b·x + a·y + ty): turned, scaled and moved. */
export interface Similarity {
  a: number;
  b: number;
  tx: number;
  ty: number;
}

/**
 * Where dlib puts five points of a face in the unit square when it prepares a face for its network
 * (`get_face_chip_details`, dlib/image_transforms/interpolation.h), next to the mesh points at the same places.
 */
const CHIP_POINTS: [mesh: number, x: number, y: number][] = [
  [263, 0.8595674595992, 0.2134981538014],
  [362, 0.6460604764104, 0.2289674387677],
  [33, 0.1205750620789, 0.2137274526848],
  [133, 0.3340850613712, 0.2290642403242],
  [2, 0.4901123135679, 0.6277975316475],
];

/** Room around the unit square, as a share of its side; dlib's network was trained with this much. */
const PADDING = 0.25;

/** @returns RGB, 0…255, row by row: the face upright in a square of `size` pixels; black where the picture ends. */
export function faceChip(image: PixelImage, mesh: readonly Point[], size: number): Float32Array {
  const places = CHIP_POINTS.map(([, x, y]) => ({
    x: ((PADDING + x) / (1 + 2 * PADDING)) * size,
    y: ((PADDING + y) / (1 + 2 * PADDING)) * size,
  }));
  const points = CHIP_POINTS.map(([index]) => mesh[index] ?? { x: 0, y: 0 });
  return resample(image, fitSimilarity(places, points), size);
}

/** Least squares: the similarity that brings `from` closest to `to` (Umeyama, 1991, in the plane). */
function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const [f, t] = [centre(from), centre(to)];
  let [cosine, sine, spread] = [0, 0, 0];
  from.forEach((point, index) => {
    const [x, y] = [point.x - f.x, point.y - f.y];
    const [u, v] = [(to[index]?.x ?? 0) - t.x, (to[index]?.y ?? 0) - t.y];
    cosine += x * u + y * v;
    sine += x * v - y * u;
    spread += x * x + y * y;
  });
  const [a, b] = spread > 0 ? [cosine / spread, sine / spread] : [1, 0];
  return { a, b, tx: t.x - a * f.x + b * f.y, ty: t.y - b * f.x - a * f.y };
}

function apply({ a, b, tx, ty }: Similarity, { x, y }: Point): Point {
  return { x: a * x - b * y + tx, y: b * x + a * y + ty };
}

function centre(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/**
 * @param toImage from pixels of the result to pixels of `image`
 * @returns RGB, bilinear; where `image` has more pixels than the result, each result pixel is the mean of as many
 * samples, so that nothing aliases
 */
export function resample(image: PixelImage, toImage: Similarity, size: number): Float32Array {
  const samples = Math.max(1, Math.ceil(Math.hypot(toImage.a, toImage.b)));
  const result = new Float32Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let sample = 0; sample < samples * samples; sample++) {
        const at = apply(toImage, {
          x: x + ((sample % samples) + 0.5) / samples - 0.5,
          y: y + (Math.floor(sample / samples) + 0.5) / samples - 0.5,
        });
        addPixel(result, (y * size + x) * 3, image, at, 1 / (samples * samples));
      }
    }
  }
  return result;
}

function addPixel(result: Float32Array, offset: number, { width, height, data }: PixelImage, at: Point, share: number) {
  const [left, top] = [Math.floor(at.x), Math.floor(at.y)];
  const [right, down] = [at.x - left, at.y - top];
  for (let corner = 0; corner < 4; corner++) {
    const [x, y] = [left + (corner & 1), top + (corner >> 1)];
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const weight = (corner & 1 ? right : 1 - right) * (corner >> 1 ? down : 1 - down) * share;
    for (let channel = 0; channel < 3; channel++) {
      result[offset + channel] = (result[offset + channel] ?? 0) + weight * (data[(y * width + x) * 4 + channel] ?? 0);
    }
  }
}
