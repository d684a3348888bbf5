/**
 * How much a face is enclosed by four straight edges, as on a screen or a print whose border is in view. A room may
 * have such edges beside and above a head, but not one straight across the chest below it. Still less does it have a
 * border that is equally bright on all four sides.
 */
import type { FaceRectangle } from '../../../../src/protocol/geometry.js';
import type { Reduced } from './same-picture.js';

/** Least difference in luma, across two pixels, that counts as an edge. */
const STEP = 10;
/** How far an edge may lean, as a share of its length. */
const LEAN = 0.15;
/** Number of levels of brightness; a border is equally bright if it is within two neighbouring ones. */
const LEVELS = 16;
/** The brightness beyond a line is examined only if the line has at least this share of edges. */
const LEAST_SHARE = 0.5;

/**
 * Each 0…1. For each side, the best line is the one with the largest share of edge pixels of one direction; the value
 * is the share of the weakest side.
 */
export interface Enclosure {
  /** Counts all edges, whatever is beyond them. */
  edges: number;
  /** Counts only edges beyond which the picture is equally bright on all four sides; 0 if there are few edges. */
  border: number;
}

/** @param face pixels of `picture` */
export function enclosure(picture: Reduced, face: FaceRectangle): Enclosure {
  const { width, height } = picture;
  const [right, bottom] = [face.left + face.width, face.top + face.height];
  const seenFrom = (across: number, down: number, from: (x: number, y: number) => number): Reduced => ({
    width: across,
    height: down,
    values: Uint8Array.from({ length: across * down }, (_, at) => {
      return picture.values[from(at % across, Math.floor(at / across))] ?? 0;
    }),
  });
  const upside = seenFrom(height, width, (x, y) => x * width + y);
  const mirrored = seenFrom(width, height, (x, y) => y * width + width - 1 - x);
  const underside = seenFrom(height, width, (x, y) => (height - 1 - x) * width + y);
  const sides = [
    bestLines(picture, face.left, face.top, bottom),
    bestLines(mirrored, width - right, face.top, bottom),
    bestLines(upside, face.top, face.left, right),
    bestLines(underside, height - bottom, face.left, right),
  ];
  const borders = Array.from({ length: LEVELS }, (_, level) =>
    Math.min(...sides.map(({ byLevel }) => byLevel[level] ?? 0)),
  );
  return { edges: Math.min(...sides.map(({ any }) => any)), border: Math.max(...borders) };
}

interface BestLines {
  any: number;
  /** The best share for a border as bright as that level or the next. */
  byLevel: number[];
}

interface Line {
  first: number;
  last: number;
  start: number;
  end: number;
}

/**
 * The best lines to the left of `limit`, among those that reach from `from` to `to` and a third further at both ends.
 */
function bestLines(picture: Reduced, limit: number, from: number, to: number): BestLines {
  const beyond = (to - from) / 3;
  const start = Math.max(1, Math.floor(from - beyond));
  const end = Math.min(picture.height - 2, Math.ceil(to + beyond));
  const length = end - start + 1;
  const lean = Math.ceil(LEAN * length);
  const best: BestLines = { any: 0, byLevel: new Array<number>(LEVELS).fill(0) };
  for (let first = 1; first < Math.min(limit, picture.width - 1); first++) {
    for (let last = Math.max(1, first - lean); last <= Math.min(limit - 1, picture.width - 2, first + lean); last++) {
      const line = { first, last, start, end };
      const share = edgeCount(picture, line) / length;
      best.any = Math.max(best.any, share);
      if (share >= LEAST_SHARE)
        edgesByLevel(picture, line).forEach((count, level) => {
          best.byLevel[level] = Math.max(best.byLevel[level] ?? 0, count / length);
        });
    }
  }
  return best;
}

/** @returns how many pixels of the line from (first, start) to (last, end) are an edge of one direction */
function edgeCount({ width, values }: Reduced, { first, last, start, end }: Line): number {
  const slope = (last - first) / Math.max(1, end - start);
  let [rising, falling] = [0, 0];
  for (let y = start; y <= end; y++) {
    const at = y * width + Math.round(first + slope * (y - start));
    const step = (values[at + 1] ?? 0) - (values[at - 1] ?? 0);
    if (step >= STEP) rising++;
    else if (step <= -STEP) falling++;
  }
  return Math.max(rising, falling);
}

/**
 * Like `edgeCount`, but counts by level: only pixels beyond which the picture has that level of brightness or the next.
 */
function edgesByLevel({ width, values }: Reduced, { first, last, start, end }: Line): number[] {
  const slope = (last - first) / Math.max(1, end - start);
  const counts = [new Array<number>(LEVELS + 1).fill(0), new Array<number>(LEVELS + 1).fill(0)] as const;
  for (let y = start; y <= end; y++) {
    const x = Math.round(first + slope * (y - start));
    const step = (values[y * width + x + 1] ?? 0) - (values[y * width + x - 1] ?? 0);
    if (Math.abs(step) < STEP) continue;
    const level = Math.floor(((values[y * width + Math.max(0, x - 2)] ?? 0) * LEVELS) / 256);
    const direction = counts[step > 0 ? 0 : 1];
    direction[level] = (direction[level] ?? 0) + 1;
  }
  return Array.from({ length: LEVELS }, (_, level) =>
    Math.max(...counts.map((direction) => (direction[level] ?? 0) + (direction[level + 1] ?? 0))),
  );
}
