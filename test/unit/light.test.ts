import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brightnessAround, faceLight, meanBrightness, meanChange, sharpness } from '../../worker/measure/light.js';
import { blurred, checkerboard, picture, rgba, uniform } from './pictures.js';

describe('luma', () => {
  it.each([
    ['white', [255, 255, 255], 1],
    ['black', [0, 0, 0], 0],
    ['red', [255, 0, 0], 0.299],
    ['green', [0, 255, 0], 0.587],
    ['blue', [0, 0, 255], 0.114],
  ] as const)('of %s is that of Rec. 601', (_, colour, luma) => {
    expect(meanBrightness(rgba(4, 3, colour))).toBeCloseTo(luma, 2);
  });
});

describe('brightness of a face', () => {
  it.each([0, 40, 128, 240, 255])('of an even grey of %i is that grey, without side light', (value) => {
    const light = faceLight(uniform(20, value));
    expect(light.faceBrightness).toBeCloseTo(value / 255, 5);
    expect(light.sideLight).toBe(0);
  });

  it('counts pixels that are clipped at either end, and no others', () => {
    // A quarter white, a quarter black, the rest grey.
    const light = faceLight(picture(20, (x, y) => (y < 10 ? 128 : x < 10 ? 255 : 0)));
    expect(light.clippedBright).toBe(0.25);
    expect(light.clippedDark).toBe(0.25);
    expect(faceLight(uniform(20, 200))).toMatchObject({ clippedBright: 0, clippedDark: 0 });
    expect(faceLight(uniform(20, 30))).toMatchObject({ clippedBright: 0, clippedDark: 0 });
  });

  it('has the same side light from left and right, and none from above', () => {
    const fromLeft = faceLight(picture(40, (x) => (x < 20 ? 180 : 60))).sideLight;
    const fromRight = faceLight(picture(40, (x) => (x < 20 ? 60 : 180))).sideLight;
    expect(fromLeft).toBeCloseTo(0.5, 5);
    expect(fromRight).toBeCloseTo(fromLeft, 5);
    expect(faceLight(picture(40, (_, y) => (y < 20 ? 180 : 60))).sideLight, 'from above').toBe(0);
  });

  it('has less side light in a gradient than if half is dark', () => {
    const gradient = faceLight(picture(64, (x) => 60 + (120 * x) / 63)).sideLight;
    expect(gradient).toBeGreaterThan(0.2);
    expect(gradient).toBeLessThan(0.5);
  });

  it('has no side light in a black picture', () => {
    expect(faceLight(uniform(10, 0)).sideLight).toBe(0);
  });

  it('has only figures within 0…1, whatever the picture', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 144, maxLength: 144 }), (greys) => {
        const values = new Uint8Array(greys);
        for (const share of Object.values(faceLight({ width: 12, height: 12, values, peaks: values }))) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('sharpness', () => {
  const sharp = checkerboard(112, 8);

  it('falls with every step of blur', () => {
    const figures = [0, 1, 2, 4].map((radius) => sharpness(blurred(sharp, radius)));
    expect(figures).toEqual([...figures].sort((a, b) => b - a));
    expect(figures.at(-1)).toBeLessThan((figures[0] ?? 0) / 10);
  });

  it.each([
    ['darker', checkerboard(112, 8, 70)],
    ['brighter', checkerboard(112, 8, 190)],
    ['with less contrast', checkerboard(112, 8, 128, 20)],
    ['dark and flat', checkerboard(112, 8, 20, 10)],
  ])('is the same for the same picture %s', (_, other) => {
    expect(sharpness(other)).toBeCloseTo(sharpness(sharp), 1);
  });

  it('is 0 in a picture of one grey', () => {
    expect(sharpness(uniform(112, 128))).toBe(0);
    expect(sharpness(uniform(112, 0))).toBe(0);
  });

  it('is almost 0 in a gradient, which has no edge', () => {
    expect(sharpness(picture(112, (x) => 2 * x))).toBeCloseTo(0, 5);
  });

  it('hardly depends on where in the picture the edges are', () => {
    const shifted = picture(112, (x, y) => ((((x + 3) >> 3) + ((y + 5) >> 3)) % 2 ? 178 : 78));
    // Not equal, since the number of edges within the picture differs.
    expect(Math.abs(sharpness(shifted) / sharpness(sharp) - 1)).toBeLessThan(0.15);
  });
});

describe('brightness around the face', () => {
  it('leaves the face out', () => {
    const inWindow = picture(20, (x, y) => (x >= 5 && x < 15 && y >= 5 && y < 15 ? 30 : 230));
    expect(brightnessAround(inWindow, { left: 5, top: 5, width: 10, height: 10 })).toBeCloseTo(230 / 255, 5);
  });

  it('allows a face that reaches beyond the picture', () => {
    const half = picture(20, (x) => (x < 10 ? 0 : 100));
    expect(brightnessAround(half, { left: -8, top: -5, width: 18, height: 60 })).toBeCloseTo(100 / 255, 5);
  });

  it('is 0 if the face fills the picture', () => {
    expect(brightnessAround(uniform(20, 200), { left: -1, top: -1, width: 30, height: 30 })).toBe(0);
  });
});

describe('change', () => {
  it('is 0 for the same picture, and 255 for the first or one of another size', () => {
    const now = checkerboard(16, 2);
    expect(meanChange(now, now)).toBe(0);
    expect(meanChange(null, now)).toBe(255);
    expect(meanChange(uniform(8, 0), now), 'another size').toBe(255);
  });

  it('is the mean of the changes of all pixels', () => {
    expect(meanChange(uniform(10, 100), uniform(10, 97))).toBe(3);
    expect(
      meanChange(
        uniform(10, 100),
        picture(10, (x) => (x === 0 ? 110 : 100)),
      ),
    ).toBe(1);
  });
});
