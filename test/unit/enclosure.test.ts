import { expect, test } from 'vitest';
import { enclosure } from '../../demo/server/judge/default/enclosure.js';

const SIZE = { width: 160, height: 200 };
const FACE = { left: 60, top: 70, width: 40, height: 50 };

type Rectangle = [left: number, top: number, right: number, bottom: number, luma: number];

/** A picture whose luma is that of the first rectangle it lies in. */
function picture(rectangles: Rectangle[]) {
  const values = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => {
    const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
    const found = rectangles.find(([left, top, right, bottom]) => x >= left && x < right && y >= top && y < bottom);
    return found?.[4] ?? 0;
  });
  return { ...SIZE, values };
}

test.each([
  ['a wall', [[0, 0, 160, 200, 90]]],
  ['a brighter wall', [[0, 0, 160, 200, 230]]],
  ['what is as dark as the border', [[0, 0, 160, 200, 20]]],
  [
    'another brightness on each side',
    [
      [0, 0, 22, 200, 60],
      [138, 0, 160, 200, 120],
      [0, 0, 160, 22, 220],
      [0, 178, 160, 200, 90],
    ],
  ],
] satisfies [string, Rectangle[]][])('finds a border of one brightness around the face, beyond it %s', (_, beyond) => {
  const screen = picture([[30, 30, 130, 170, 140], [22, 22, 138, 178, 20], ...beyond]);
  const { edges, border } = enclosure(screen, FACE);
  expect(edges).toBeGreaterThan(0.95);
  expect(border).toBeGreaterThan(0.95);
});

test('finds edges, but no border, if each side has another brightness', () => {
  const room = picture([
    [30, 30, 130, 170, 140],
    [0, 0, 30, 200, 20],
    [130, 0, 160, 200, 90],
    [0, 0, 160, 30, 220],
    [0, 170, 160, 200, 60],
  ]);
  const { edges, border } = enclosure(room, FACE);
  expect(edges).toBeGreaterThan(0.95);
  expect(border).toBeLessThan(0.2);
});

test('finds neither edges nor a border on a plain wall', () => {
  expect(enclosure(picture([[0, 0, 160, 200, 120]]), FACE)).toEqual({ edges: 0, border: 0 });
});

test('finds neither edges nor a border if there are only three sides, as of a door frame', () => {
  const door = picture([
    [30, 30, 130, 200, 140],
    [0, 0, 160, 200, 20],
  ]);
  const { edges, border } = enclosure(door, FACE);
  expect(edges).toBe(0);
  expect(border).toBe(0);
});
