/** Drawn pictures whose correct measurements are known. */
import { lumaOf, type Luma } from '../../worker/measure/light.js';

/** @param luma gives the luma of a pixel, 0…255; fractions are rounded */
export function picture(size: number, luma: (x: number, y: number) => number): Luma {
  const values = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) values[y * size + x] = clamp(luma(x, y));
  return { width: size, height: size, values, peaks: values };
}

export function uniform(size: number, value: number): Luma {
  return picture(size, () => value);
}

/** Square fields with sides of `field` pixels; their luma is `contrast` / 2 above or below `mean`. */
export function checkerboard(size: number, field: number, mean = 128, contrast = 100): Luma {
  return picture(
    size,
    (x, y) => mean + ((Math.floor(x / field) + Math.floor(y / field)) % 2 ? 1 : -1) * (contrast / 2),
  );
}

/** Replaces each pixel with the mean of the square with sides of `2 × radius + 1` pixels around it. */
export function blurred({ width, height, values }: Luma, radius: number): Luma {
  return picture(width, (x, y) => {
    let [sum, count] = [0, 0];
    for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
      for (let column = Math.max(0, x - radius); column <= Math.min(width - 1, x + radius); column++) {
        sum += values[row * width + column] ?? 0;
        count++;
      }
    }
    return sum / count;
  });
}

export function rgba(width: number, height: number, colour: readonly [number, number, number]): Luma {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([...colour, 255], at);
  return lumaOf({ width, height, data });
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
