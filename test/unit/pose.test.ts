/** The angles are exact. That their signs are right for real faces is tested in `test/e2e/model.spec.ts`. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { poseOf } from '../../worker/measure/pose.js';

type Matrix = readonly [readonly number[], readonly number[], readonly number[]];

const times = (a: Matrix, b: Matrix): Matrix =>
  [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) => [0, 1, 2].reduce((sum, k) => sum + (a[row]?.[k] ?? 0) * (b[k]?.[column] ?? 0), 0)),
  ) as unknown as Matrix;

/**
 * The matrix of a face that first tilts, then nods, then turns; angles in degrees. In the picture x points right and y
 * up, and z points to the camera: a face that turns to its own left turns towards x, and one that tilts to its own left
 * shoulder tilts clockwise.
 */
function faceMatrix(yaw: number, pitch: number, roll: number): number[] {
  const [y, p, r] = [yaw, pitch, roll].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  const turn: Matrix = [
    [Math.cos(y), 0, Math.sin(y)],
    [0, 1, 0],
    [-Math.sin(y), 0, Math.cos(y)],
  ];
  const nod: Matrix = [
    [1, 0, 0],
    [0, Math.cos(p), Math.sin(p)],
    [0, -Math.sin(p), Math.cos(p)],
  ];
  const tilt: Matrix = [
    [Math.cos(r), Math.sin(r), 0],
    [-Math.sin(r), Math.cos(r), 0],
    [0, 0, 1],
  ];
  const rotation = times(times(turn, nod), tilt);
  // Column by column, with a translation that must not matter.
  return [0, 1, 2].flatMap((column) => [...rotation.map((row) => row[column] ?? 0), 0]).concat([3, -2, -40, 1]);
}

it('is 0 in every angle for a face that looks into the camera', () => {
  const { yaw, pitch, roll } = poseOf(faceMatrix(0, 0, 0));
  expect([yaw, pitch, roll].map(Math.abs)).toEqual([0, 0, 0]);
});

it.each([
  ['turned to its left', 20, 0, 0],
  ['turned to its right', -20, 0, 0],
  ['raised', 0, 15, 0],
  ['lowered', 0, -15, 0],
  ['tilted to its left shoulder', 0, 0, 10],
  ['tilted to its right shoulder', 0, 0, -10],
])('has the angles of a head that is %s', (_, yaw, pitch, roll) => {
  const pose = poseOf(faceMatrix(yaw, pitch, roll));
  expect(pose.yaw).toBeCloseTo(yaw, 9);
  expect(pose.pitch).toBeCloseTo(pitch, 9);
  expect(pose.roll).toBeCloseTo(roll, 9);
});

it('has the angles that any pose was made of', () => {
  const angle = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
  fc.assert(
    fc.property(angle(85), angle(85), angle(85), (yaw, pitch, roll) => {
      const pose = poseOf(faceMatrix(yaw, pitch, roll));
      expect(pose.yaw).toBeCloseTo(yaw, 5);
      expect(pose.pitch).toBeCloseTo(pitch, 5);
      expect(pose.roll).toBeCloseTo(roll, 5);
    }),
  );
});

it('has no NaN for a matrix that is empty or not a rotation', () => {
  for (const matrix of [[], new Array<number>(16).fill(7)]) {
    for (const value of Object.values(poseOf(matrix))) expect(value).not.toBeNaN();
  }
});
