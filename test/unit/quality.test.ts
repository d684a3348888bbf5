import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSpread, qualityOf } from '../../worker/capture/quality.js';
import { frameOf, type FrameChanges } from './samples.js';

const candidate = (time: number, quality: number) => ({ analysis: frameOf({ time }), quality });
const timesOf = (frames: readonly ReturnType<typeof candidate>[]) =>
  frames.map(({ analysis }) => analysis.time).sort((a, b) => a - b);

describe('quality', () => {
  const quality = (changes: FrameChanges) => qualityOf(frameOf(changes));

  it.each([
    ['sharper', { sharpness: 120 }],
    ['steadier', { motion: 0 }],
  ])('is higher for a %s frame', (_, changes) => {
    expect(quality(changes)).toBeGreaterThan(quality({}));
  });

  it.each([
    ['shut eyes', { eyeOpenness: 0.05 }],
    ['movement', { motion: 2 }],
    ['blur', { sharpness: 3 }],
  ])('is lower with %s', (_, changes) => {
    expect(quality(changes)).toBeLessThan(quality({}));
  });

  it('is the same for eyes that are wide open as for open ones', () => {
    expect(quality({ eyeOpenness: 0.5 })).toBe(quality({ eyeOpenness: 0.3 }));
  });

  it('is 0 without a face', () => {
    expect(quality({ faceCount: 0 })).toBe(0);
  });
});

describe('chooseSpread', () => {
  it('chooses all frames if there are no more than wanted', () => {
    const frames = [candidate(0, 1), candidate(10, 2)];
    expect(chooseSpread(frames, 2)).toEqual(frames);
    expect(chooseSpread([], 3)).toEqual([]);
  });

  it('spreads over time rather than taking the best of one moment', () => {
    const frames = [0, 10, 20, 30, 40, 50, 300, 600, 900].map((time) => candidate(time, time < 100 ? 9 : 1));
    const times = timesOf(chooseSpread(frames, 3));
    expect(times.filter((time) => time < 100)).toHaveLength(1);
    expect(times.at(-1)).toBeGreaterThanOrEqual(600);
  });

  it('takes the best of each stretch of time', () => {
    const frames = [candidate(0, 1), candidate(100, 5), candidate(200, 2), candidate(1000, 1), candidate(900, 7)];
    expect(timesOf(chooseSpread(frames, 2))).toEqual([100, 900]);
  });

  it('fills up with the best if a stretch is empty', () => {
    const frames = [candidate(0, 1), candidate(1, 8), candidate(2, 9), candidate(1000, 1)];
    expect(timesOf(chooseSpread(frames, 3))).toEqual([1, 2, 1000]);
  });

  it('chooses frames of one moment by quality', () => {
    const frames = [3, 1, 2].map((quality) => candidate(500, quality));
    expect(chooseSpread(frames, 2).map(({ quality }) => quality)).toEqual([3, 2]);
  });

  it('chooses as many of any frames as wanted, each once, the best among them', () => {
    const frame = fc.tuple(fc.nat(5_000), fc.double({ min: 0, max: 10, noNaN: true }));
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 40 }), fc.nat(12), (list, count) => {
        const frames = list.map(([time, quality]) => candidate(time, quality));
        const chosen = chooseSpread(frames, count);
        expect(chosen).toHaveLength(Math.min(count, frames.length));
        expect(new Set(chosen).size).toBe(chosen.length);
        for (const one of chosen) expect(frames).toContain(one);
        if (chosen.length > 0) {
          expect(Math.max(...chosen.map(({ quality }) => quality))).toBe(
            Math.max(...frames.map(({ quality }) => quality)),
          );
        }
      }),
    );
  });
});
