import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../src/protocol/geometry.js';
import { boundingBox, distinctFaces, faceGeometry, overlap } from '../../worker/measure/face.js';

/** Indices of landmarks in MediaPipe's face mesh. */
const INDEX = {
  noseTip: 1,
  chin: 152,
  lips: [13, 14],
  mouthCorners: [78, 308],
  rightEye: { outer: 33, inner: 133, top: 159, bottom: 145 },
  leftEye: { outer: 263, inner: 362, top: 386, bottom: 374 },
} as const;

/** A face of 468 points within 0.4…0.6 across and 0.3…0.7 down, with eyes and mouth as open as given. */
function mesh(eyeOpenness = 0.3, mouthOpenness = 0): Point[] {
  const points = Array.from({ length: 468 }, () => ({ x: 0.5, y: 0.5 }));
  const put = (index: number, x: number, y: number) => (points[index] = { x, y });
  put(10, 0.5, 0.3);
  put(234, 0.4, 0.5);
  put(454, 0.6, 0.5);
  put(INDEX.chin, 0.5, 0.7);
  put(INDEX.noseTip, 0.5, 0.52);
  // The person's right eye is on the left of the unmirrored picture.
  for (const [eye, centre] of [
    [INDEX.rightEye, 0.46],
    [INDEX.leftEye, 0.54],
  ] as const) {
    const outward = centre < 0.5 ? -1 : 1;
    put(eye.outer, centre + outward * 0.02, 0.45);
    put(eye.inner, centre - outward * 0.02, 0.45);
    put(eye.top, centre, 0.45 - 0.02 * eyeOpenness);
    put(eye.bottom, centre, 0.45 + 0.02 * eyeOpenness);
  }
  put(INDEX.mouthCorners[0], 0.47, 0.6);
  put(INDEX.mouthCorners[1], 0.53, 0.6);
  put(INDEX.lips[0], 0.5, 0.6 - 0.03 * mouthOpenness);
  put(INDEX.lips[1], 0.5, 0.6 + 0.03 * mouthOpenness);
  return points;
}

describe('faceGeometry', () => {
  it('gives the box around the mesh, in whole pixels', () => {
    const { rectangle } = faceGeometry(mesh(), 1000, 1000);
    expect(rectangle).toEqual({ left: 400, top: 300, width: 200, height: 400 });
  });

  it('gives named points in pixels, with left and right from the person’s point of view', () => {
    const { points } = faceGeometry(mesh(), 1000, 500);
    expect(points.rightEye.x).toBeCloseTo(460);
    expect(points.leftEye.x).toBeCloseTo(540);
    expect(points.leftEye.y).toBeCloseTo(225);
    expect(points.chin).toEqual({ x: 500, y: 350 });
    expect(points.noseTip.y).toBeCloseTo(260);
    expect(points.mouthCentre.y).toBeCloseTo(300);
  });

  it.each([0, 0.1, 0.3, 0.5])('measures eyes that are open by %f', (openness) => {
    expect(faceGeometry(mesh(openness), 800, 800).eyeOpenness).toBeCloseTo(openness, 5);
  });

  it.each([0, 0.2, 0.8])('measures a mouth that is open by %f', (openness) => {
    expect(faceGeometry(mesh(0.3, openness), 800, 800).mouthOpenness).toBeCloseTo(openness, 5);
  });

  it('measures the width of the mouth relative to the distance between the eyes', () => {
    expect(faceGeometry(mesh(), 800, 400).mouthWidth).toBeCloseTo(0.06 / 0.08, 9);
  });

  it.each(['eyeOpenness', 'mouthOpenness', 'mouthWidth'] as const)(
    'measures the same %s whatever the size of the picture',
    (name) => {
      const [small, large] = [320, 1920].map((side) => faceGeometry(mesh(0.3, 0.2), side, side)[name]);
      expect(large).toBeCloseTo(small ?? NaN, 9);
    },
  );

  it('allows a box that reaches beyond the picture', () => {
    const shifted = mesh().map(({ x, y }) => ({ x: x - 0.505, y: y - 0.405 }));
    expect(boundingBox(shifted, 100, 100)).toEqual({ left: -11, top: -11, width: 21, height: 41 });
  });
});

const box = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });

it('distinctFaces() sorts faces by width and leaves out duplicates', () => {
  const [near, again, tall, far] = [
    { rectangle: box(100, 100, 100, 120) },
    { rectangle: box(110, 110, 90, 110) },
    { rectangle: box(300, 0, 90, 300) },
    { rectangle: box(10, 10, 20, 30) },
  ];
  expect(distinctFaces([far, again, near, tall])).toEqual([near, tall, far]);
});

describe('overlap', () => {
  it('is 1 if one is inside the other, 0 if they are apart, and otherwise a share of the smaller', () => {
    expect(overlap(box(0, 0, 100, 100), box(10, 10, 20, 20))).toBe(1);
    expect(overlap(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0);
    expect(overlap(box(0, 0, 10, 10), box(5, 0, 20, 20))).toBe(0.5);
  });

  it('is symmetric and within 0…1', () => {
    const any = fc.tuple(fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(any, any, (a, b) => {
        const share = overlap(box(...a), box(...b));
        expect(share).toBe(overlap(box(...b), box(...a)));
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
});
