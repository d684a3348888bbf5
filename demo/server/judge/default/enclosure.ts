/**
 * How much a face is enclosed by four straight edges, as on a screen or a print whose border is in view. A room has such
 * edges beside and above a head; one that runs straight across the chest below it has not.
 */
import type { FaceRectangle } from '../../../../src/protocol/geometry.js';
import type { Reduced } from './same-picture.js';

/** Luma across two pixels at which there is an edge. */
const STEP = 10;
/** How far an edge may lean, as a share of its length. */
const LEAN = 0.15;

/** A picture seen so that the side in question is its left one. */
interface Turned {
  width: number;
  height: number;
  at(x: number, y: number): number;
}

/**
 * @param face pixels of `picture`
 * @returns 0…1: of the weakest side the share of its best line that is an edge of one direction
 */
export function enclosure(picture: Reduced, face: FaceRectangle): number {
  const { width, height, values } = picture;
  const at = (x: number, y: number): number => values[y * width + x] ?? 0;
  const upright: Turned = { width, height, at };
  const mirrored: Turned = { width, height, at: (x, y) => at(width - 1 - x, y) };
  const onItsSide: Turned = { width: height, height: width, at: (x, y) => at(y, x) };
  const upsideDown: Turned = { width: height, height: width, at: (x, y) => at(y, height - 1 - x) };
  const [right, bottom] = [face.left + face.width, face.top + face.height];
  return Math.min(
    bestLine(upright, face.left, face.top, bottom),
    bestLine(mirrored, width - right, face.top, bottom),
    bestLine(onItsSide, face.top, face.left, right),
    bestLine(upsideDown, height - bottom, face.left, right),
  );
}

/** Among lines on the left of `limit` that reach from `from` to `to` and a good way beyond. */
function bestLine({ width, height, at }: Turned, limit: number, from: number, to: number): number {
  const beyond = (to - from) / 3;
  const start = Math.max(1, Math.floor(from - beyond));
  const end = Math.min(height - 2, Math.ceil(to + beyond));
  const length = end - start;
  const lean = Math.ceil(LEAN * length);
  let best = 0;
  for (let first = 1; first < Math.min(limit, width - 1); first++) {
    for (let last = Math.max(1, first - lean); last <= Math.min(limit - 1, width - 2, first + lean); last++) {
      let [rising, falling] = [0, 0];
      for (let y = start; y <= end; y++) {
        const x = Math.round(first + ((last - first) * (y - start)) / length);
        const step = at(x + 1, y) - at(x - 1, y);
        if (step >= STEP) rising++;
        else if (step <= -STEP) falling++;
      }
      best = Math.max(best, rising / (length + 1), falling / (length + 1));
    }
  }
  return best;
}
