/** Pictures in memory, and the simple optics that the simulations need: planes seen by a camera, noise, JPEG. */
import sharp from 'sharp';
import { Random } from '../random.js';

/** `data` is RGBA, row by row. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A 3×3 matrix, row by row, that maps pixels of the source to pixels of the result. */
export type Matrix = readonly number[];

const loaded = new Map<string, Promise<Picture>>();
/** The cache is emptied when it holds this many decoded frames. */
const MOST_LOADED = 600;

export function loadPicture(file: string): Promise<Picture> {
  const known = loaded.get(file);
  if (known) return known;
  if (loaded.size >= MOST_LOADED) loaded.clear();
  const picture = decodePicture(file);
  loaded.set(file, picture);
  return picture;
}

export async function decodePicture(source: string | Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(source).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** @param quality 1…100 */
export async function encodeJpeg({ width, height, data }: Picture, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  const jpeg = sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality, mozjpeg: false });
  return new Uint8Array(await jpeg.toBuffer());
}

export function blank(width: number, height: number, [red, green, blue]: readonly [number, number, number]): Picture {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([red, green, blue, 255], at);
  return { width, height, data };
}

/** Draws `source` onto `target` with bilinear interpolation. Where there is no source, the target stays unchanged. */
export function draw(target: Picture, source: Picture, matrix: Matrix): void {
  const [a, b, c, d, e, f, g, h, i] = invert(matrix) as [
    number, number, number, number, number, number, number, number, number,
  ]; // prettier-ignore
  for (let y = 0; y < target.height; y++) {
    for (let x = 0; x < target.width; x++) {
      const depth = g * x + h * y + i;
      const u = (a * x + b * y + c) / depth;
      const v = (d * x + e * y + f) / depth;
      const [left, top] = [Math.floor(u), Math.floor(v)];
      if (left < 0 || top < 0 || left >= source.width - 1 || top >= source.height - 1) continue;
      const from = (top * source.width + left) * 4;
      const below = from + source.width * 4;
      const [right, down] = [u - left, v - top];
      const to = (y * target.width + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const upper = mix(source.data[from + channel] ?? 0, source.data[from + 4 + channel] ?? 0, right);
        const lower = mix(source.data[below + channel] ?? 0, source.data[below + 4 + channel] ?? 0, right);
        target.data[to + channel] = mix(upper, lower, down);
      }
    }
  }
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function multiply(a: Matrix, b: Matrix): number[] {
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return [0, 1, 2].reduce((sum, k) => sum + (a[3 * row + k] ?? 0) * (b[3 * k + column] ?? 0), 0);
  });
}

function invert(m: Matrix): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  const cofactors = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f];
  cofactors.push(d * h - e * g, b * g - a * h, a * e - b * d);
  const determinant = a * (cofactors[0] ?? 0) + b * (cofactors[3] ?? 0) + c * (cofactors[6] ?? 0);
  return cofactors.map((cofactor) => cofactor / determinant);
}

/**
 * Moves, scales and rotates in the plane of the picture: the point (x, y) of the source is moved to (toX, toY). `angle`
 * is in degrees.
 */
export function place(options: {
  x: number;
  y: number;
  toX: number;
  toY: number;
  scale: number;
  angle: number;
}): Matrix {
  const { x, y, toX, toY, scale, angle } = options;
  const [cosine, sine] = [Math.cos((angle * Math.PI) / 180) * scale, Math.sin((angle * Math.PI) / 180) * scale];
  return [cosine, -sine, toX - cosine * x + sine * y, sine, cosine, toY - sine * x - cosine * y, 0, 0, 1];
}

/**
 * Shows a flat object of the source's size to a camera: turned about its own centre lines and seen in perspective.
 *
 * @param yaw, pitch degrees @param middle where the object's centre is in the result @param size larger side of the
 * result: the perspective is that of a camera at one and a half times this distance
 */
export function tilted(
  source: { width: number; height: number },
  {
    yaw,
    pitch,
    scale,
    middle,
    size,
  }: { yaw: number; pitch: number; scale: number; middle: [number, number]; size: number },
): Matrix {
  const focal = 1.5 * size;
  const [cy, sy] = [Math.cos((yaw * Math.PI) / 180), Math.sin((yaw * Math.PI) / 180)];
  const [cp, sp] = [Math.cos((pitch * Math.PI) / 180), Math.sin((pitch * Math.PI) / 180)];
  const away = focal / scale;
  // The first two columns of the rotation about both axes; a flat object needs no third.
  const [x, y, z] = [
    [cy, sy * sp],
    [0, cp],
    [-sy, cy * sp],
  ] as [[number, number], [number, number], [number, number]];
  const [middleX, middleY] = middle;
  const camera = [
    focal * x[0] + middleX * z[0], focal * x[1] + middleX * z[1], middleX * away,
    focal * y[0] + middleY * z[0], focal * y[1] + middleY * z[1], middleY * away,
    z[0], z[1], away,
  ]; // prettier-ignore
  return multiply(camera, [1, 0, -source.width / 2, 0, 1, -source.height / 2, 0, 0, 1]);
}

const NOISE_TILE = 1 << 18;
const noise = ((): Float32Array => {
  const random = new Random(1);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Float32Array.from({ length: NOISE_TILE }, normal);
})();

/** Adds sensor noise. @param deviation standard deviation in each colour, 0…255 @param gain factor on the brightness */
export function expose({ data }: Picture, deviation: number, gain: number, random: Random): void {
  const start = Math.floor(random.next() * NOISE_TILE);
  for (let at = 0; at < data.length; at++) {
    if ((at & 3) === 3) continue;
    const value = (data[at] ?? 0) * gain + (noise[(start + at) % NOISE_TILE] ?? 0) * deviation;
    data[at] = Math.max(0, Math.min(255, value));
  }
}
