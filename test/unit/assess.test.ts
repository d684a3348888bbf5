import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CORRECTIONS, type Correction } from '../../src/protocol/guidance.js';
import type { FrameMeasurements } from '../../src/protocol/measurements.js';
import { DEFAULT_POLICY as POLICY } from '../../src/protocol/policy.js';
import { assess } from '../../worker/guide/assess.js';
import { ringBox } from '../../worker/measure/face.js';
import { frameOf, type FrameChanges } from './samples.js';

const find = (changes: FrameChanges, shown: Correction | null = null) => assess(frameOf(changes), POLICY, shown);

/** For each correction, frames that call for it and for nothing else. */
const CALLS: Record<Correction, FrameChanges[]> = {
  noFace: [{ faceCount: 0 }],
  severalFaces: [{ faceCount: 2 }],
  tooDark: [{ faceBrightness: 0.1 }, { faceCount: 0, brightness: 0.03 }],
  tooBright: [{ faceBrightness: 0.95 }, { clippedBright: 0.4 }],
  moveBack: [{ size: 0.95 }],
  moveCloser: [{ size: 0.25 }],
  moveLeft: [{ x: 0.5 - 0.1 }],
  moveRight: [{ x: 0.5 + 0.1 }],
  moveUp: [{ y: 0.5 + 0.2 }],
  moveDown: [{ y: 0.5 - 0.2 }],
  lookStraight: [{ yaw: 20 }, { yaw: -20 }, { pitch: 40 }, { pitch: -40 }],
  headUpright: [{ roll: 25 }, { roll: -25 }],
  openEyes: [{ eyeOpenness: 0.05 }],
  sideLight: [{ sideLight: 0.6 }],
  tooBlurred: [{ sharpness: 1 }],
  holdStill: [{ motion: 3 }],
};

/** For each of those frames, the measurement that is wrong and the bound it misses. */
const MISSED: Record<Correction, ['brightness' | 'faceCount' | keyof FrameMeasurements, number][]> = {
  noFace: [],
  severalFaces: [['faceCount', 1]],
  tooDark: [
    ['faceBrightness', POLICY.brightness.min],
    ['brightness', POLICY.brightness.min / 2],
  ],
  tooBright: [
    ['faceBrightness', POLICY.brightness.max],
    ['clippedBright', POLICY.brightness.clipped],
  ],
  moveBack: [['faceHeight', POLICY.faceHeight.max]],
  moveCloser: [['faceHeight', POLICY.faceHeight.min]],
  moveLeft: [['offsetX', -POLICY.offset.x]],
  moveRight: [['offsetX', POLICY.offset.x]],
  moveUp: [['offsetY', POLICY.offset.y]],
  moveDown: [['offsetY', -POLICY.offset.y]],
  lookStraight: [
    ['yaw', POLICY.yaw],
    ['yaw', -POLICY.yaw],
    ['pitch', POLICY.pitch.max],
    ['pitch', POLICY.pitch.min],
  ],
  headUpright: [
    ['roll', POLICY.roll],
    ['roll', -POLICY.roll],
  ],
  openEyes: [['eyeOpenness', POLICY.eyeOpenness]],
  sideLight: [['sideLight', POLICY.sideLight]],
  tooBlurred: [['sharpness', POLICY.sharpness]],
  holdStill: [['motion', POLICY.motion]],
};

it('finds nothing wrong with a good frame', () => {
  expect(find({})).toBeNull();
});

describe.each(CORRECTIONS)('%s', (code) => {
  it.each(CALLS[code])('is called for by %o', (changes) => {
    expect(find(changes)?.code).toBe(code);
  });

  it.each(CALLS[code].map((changes, at) => [changes, MISSED[code][at]] as const))(
    'comes with the value that was measured in %o, and with the threshold it missed, if there are any: %o',
    (changes, missed) => {
      const { measurements, ...whole } = frameOf(changes);
      const measured: Record<string, unknown> = { ...whole, ...measurements };
      expect(find(changes)).toEqual(missed ? { code, value: measured[missed[0]], threshold: missed[1] } : { code });
    },
  );
});

describe('directions are from the person’s point of view', () => {
  // The picture is not mirrored: the person's left is on its right.
  it.each([
    ['right of the middle of the unmirrored picture calls for moveRight', { x: 0.62 }, 'moveRight'],
    ['left of the middle of the unmirrored picture calls for moveLeft', { x: 0.38 }, 'moveLeft'],
    ['low in the picture calls for moveUp', { y: 0.72 }, 'moveUp'],
    ['high in the picture calls for moveDown', { y: 0.28 }, 'moveDown'],
  ] as const)('a face %s', (_, changes, code) => {
    expect(find(changes)?.code).toBe(code);
  });

  it('following the advice brings the face to the middle', () => {
    // How a person follows each direction: by 2 % of the picture. x and y are those of the unmirrored picture.
    const steps: Record<string, [number, number]> = {
      moveLeft: [0.02, 0],
      moveRight: [-0.02, 0],
      moveUp: [0, -0.02],
      moveDown: [0, 0.02],
    };
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        (x, y) => {
          let place = { x, y };
          for (let count = 0; count < 60; count++) {
            const finding = find(place);
            if (!finding) return;
            const [dx, dy] = steps[finding.code] ?? [NaN, NaN];
            place = { x: place.x + dx, y: place.y + dy };
          }
          expect.fail(`Still at ${place.x}, ${place.y}`);
        },
      ),
    );
  });
});

describe('priority', () => {
  const [first, ...rest] = CORRECTIONS;

  it('follows the order of CORRECTIONS: of any two, the earlier is found', () => {
    expect(first).toBe('noFace');
    // `noFace` excludes all others, and opposites exclude each other, so one of each pair is left out.
    const together = rest.filter((code) => !['moveLeft', 'moveUp', 'moveBack', 'tooBright'].includes(code));
    for (const [at, code] of together.entries()) {
      for (const later of together.slice(at + 1)) {
        const finding = find({ ...CALLS[later][0], ...CALLS[code][0] });
        expect(finding?.code, `${code} before ${later}`).toBe(code);
      }
    }
  });

  it('finds one correction after the other if everything is wrong', () => {
    const all = { faceBrightness: 0.05, size: 0.2, x: 0.7, y: 0.8, yaw: 40, roll: 30, sharpness: 0, motion: 9 };
    expect(find(all)?.code).toBe('tooDark');
    expect(find({ ...all, faceBrightness: 0.5 })?.code).toBe('moveCloser');
    expect(find({ ...all, faceBrightness: 0.5, size: 0.6 })?.code).toBe('moveRight');
  });
});

describe('hysteresis', () => {
  /** Frames just within a bound: good enough, unless that correction is already shown. */
  const JUST: [Correction, FrameChanges][] = [
    ['moveCloser', { size: POLICY.faceHeight.min * 1.05 }],
    ['moveBack', { size: POLICY.faceHeight.max * 0.95 }],
    ['moveRight', { x: 0.5 + POLICY.offset.x * 0.95 * (540 / 1280) }],
    ['moveLeft', { x: 0.5 - POLICY.offset.x * 0.95 * (540 / 1280) }],
    ['moveUp', { y: 0.5 + POLICY.offset.y * 0.95 }],
    ['moveDown', { y: 0.5 - POLICY.offset.y * 0.95 }],
    ['tooDark', { faceBrightness: POLICY.brightness.min * 1.05 }],
    ['tooBright', { faceBrightness: POLICY.brightness.max * 0.95 }],
    ['lookStraight', { yaw: -POLICY.yaw * 0.95 }],
    ['lookStraight', { pitch: POLICY.pitch.min * 0.95 }],
    ['headUpright', { roll: POLICY.roll * 0.95 }],
    ['sideLight', { sideLight: POLICY.sideLight * 0.95 }],
    ['tooBlurred', { sharpness: POLICY.sharpness * 1.05 }],
    ['holdStill', { motion: POLICY.motion * 0.95 }],
  ];

  it.each(JUST)('%s stays until its bound is cleared with a margin: %o', (code, changes) => {
    expect(find(changes)).toBeNull();
    expect(find(changes, code)?.code).toBe(code);
  });

  it.each(JUST)('showing another correction does not keep %s: %o', (code, changes) => {
    const other = code === 'holdStill' ? 'tooBlurred' : 'holdStill';
    expect(find(changes, other)).toBeNull();
  });

  it('ends once the margin is cleared', () => {
    for (const code of CORRECTIONS) expect(find({}, code)).toBeNull();
  });
});

describe('the ring', () => {
  it('is as high as a wide picture, and as wide as a narrow one', () => {
    expect(ringBox({ width: 1280, height: 720 }, 0.75)).toEqual({ width: 540, height: 720 });
    expect(ringBox({ width: 480, height: 640 }, 0.75)).toEqual({ width: 480, height: 640 });
    expect(ringBox({ width: 360, height: 640 }, 0.75)).toEqual({ width: 360, height: 480 });
  });

  it('never reaches beyond the picture and keeps its shape', () => {
    const length = fc.integer({ min: 16, max: 4096 });
    fc.assert(
      fc.property(length, length, fc.double({ min: 0.3, max: 2, noNaN: true }), (width, height, aspect) => {
        const ring = ringBox({ width, height }, aspect);
        expect(ring.width).toBeLessThanOrEqual(width + 1e-6);
        expect(ring.height).toBeLessThanOrEqual(height + 1e-6);
        expect(ring.width / ring.height).toBeCloseTo(aspect, 6);
      }),
    );
  });
});
