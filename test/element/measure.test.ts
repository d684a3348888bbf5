/** Measurements of drawn pictures with made-up face landmarks, and which frames are kept. */
import { describe, expect, it } from 'vitest';
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { Picture } from '../../src/protocol/worker-api.js';
import { FrameKeeper } from '../../worker/capture/keeper.js';
import type { DetectedFace } from '../../worker/detector.js';
import { Measurer } from '../../worker/measure/measure.js';
import { upright } from '../../worker/measure/upright.js';
import { pictureSize, Surface } from '../../worker/picture.js';
import { frameOf } from '../unit/samples.js';

const WIDTH = 640;
const HEIGHT = 480;
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

type Box = readonly [left: number, top: number, width: number, height: number];

/** A mesh whose outermost points are the corners of a box, in pixels. */
function faceIn([left, top, width, height]: Box): DetectedFace {
  const at = (x: number, y: number) => ({
    x: (left + x * width) / WIDTH,
    y: (top + y * height) / HEIGHT,
    z: 0,
    visibility: 1,
  });
  const landmarks = Array.from({ length: 468 }, (_, index) => at(((index * 7) % 10) / 10, ((index * 3) % 10) / 10));
  landmarks[0] = at(0, 0);
  landmarks[467] = at(1, 1);
  return { landmarks, matrix: IDENTITY };
}

/** A grey picture with a box of another grey. */
function draw(background: number, box: Box = [0, 0, 0, 0], inside = 0): ImageData {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.fillStyle = `rgb(${background} ${background} ${background})`;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = `rgb(${inside} ${inside} ${inside})`;
  context.fillRect(...box);
  return context.getImageData(0, 0, WIDTH, HEIGHT);
}

const MIDDLE: Box = [260, 120, 120, 160];
const measurer = () => new Measurer(3 / 4, 0.3);
const measure = (picture: Picture, ...boxes: Box[]): FrameAnalysis => measurer().measure(picture, boxes.map(faceIn), 0);

describe('measurements', () => {
  it('are null without a face, beside the picture’s size and brightness', () => {
    const analysis = measure(draw(102));
    expect(analysis).toMatchObject({ faceCount: 0, face: null, points: null, measurements: null });
    expect(analysis.frame).toEqual({ width: WIDTH, height: HEIGHT });
    expect(analysis.brightness).toBeCloseTo(0.4, 2);
  });

  it('distinguish the light on the face from the light around it', () => {
    const { measurements } = measure(draw(51, MIDDLE, 204), MIDDLE);
    expect(measurements?.faceBrightness).toBeCloseTo(0.8, 2);
    expect(measurements?.backgroundBrightness).toBeCloseTo(0.2, 1);
  });

  it('give the size, offset and aspect of the face in the ring', () => {
    // The ring is the middle 360×480 pixels.
    const { measurements } = measure(draw(100), [440, 200, 120, 240]);
    expect(measurements?.faceHeight).toBeCloseTo(0.5, 2);
    expect(measurements?.offsetX).toBeCloseTo(0.5, 2);
    expect(measurements?.offsetY).toBeCloseTo(1 / 6, 2);
    expect(measurements?.aspect).toBeCloseTo(0.5, 2);
  });

  it('are the same from a VideoFrame as from pixels', () => {
    const pixels = draw(51, MIDDLE, 204);
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
    canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    const frame = new VideoFrame(canvas, { timestamp: 0 });
    const [fromFrame, fromPixels] = [measure(frame, MIDDLE), measure(pixels, MIDDLE)];
    frame.close();
    for (const [name, value] of Object.entries(fromPixels.measurements ?? {})) {
      expect(fromFrame.measurements?.[name as 'yaw'], name).toBeCloseTo(value, 1);
    }
  });

  it('count a second face, but no duplicate and no distant bystander, and are of the largest', () => {
    const picture = draw(100);
    const beside: Box = [40, 120, 120, 160];
    expect(measure(picture, MIDDLE, beside).faceCount).toBe(2);
    expect(measure(picture, MIDDLE, [262, 122, 118, 158]).faceCount).toBe(1);
    expect(measure(picture, MIDDLE, [40, 120, 30, 40]).faceCount).toBe(1);
    expect(measure(picture, beside, [200, 50, 240, 320]).face, 'the largest is measured').toMatchObject({ left: 200 });
  });

  it('cover only the visible part of a face that reaches beyond the picture', () => {
    const outside: Box = [-80, 120, 120, 160];
    const { measurements } = measure(draw(51, outside, 204), outside);
    expect(measurements?.faceBrightness).toBeCloseTo(0.8, 1);
    expect(measurements?.sideLight).toBeCloseTo(0, 1);
    expect(measurements?.clippedDark).toBe(0);
  });

  it('do not depend on the previous picture', () => {
    const outside: Box = [-80, 120, 120, 160];
    const picture = draw(51, outside, 204);
    const [fresh, used] = [measurer(), measurer()];
    used.measure(draw(0, MIDDLE, 255), [faceIn(MIDDLE)], 0);
    const of = ({ measurements }: FrameAnalysis) => ({ ...measurements, motion: 0 });
    expect(of(used.measure(picture, [faceIn(outside)], 100))).toEqual(
      of(fresh.measure(picture, [faceIn(outside)], 100)),
    );
  });
});

describe('measurements over time', () => {
  it('motion is in face widths per second, and 0 at first and after the face was lost', () => {
    const [eye, picture] = [measurer(), draw(100)];
    const motion = (time: number, ...boxes: Box[]) =>
      eye.measure(picture, boxes.map(faceIn), time).measurements?.motion;
    expect(motion(0, MIDDLE)).toBe(0);
    expect(motion(100, [320, 120, 120, 160])).toBeCloseTo(5, 1);
    expect(motion(200, [320, 120, 120, 160])).toBe(0);
    motion(300);
    expect(motion(400, MIDDLE)).toBe(0);
  });

  it('change is 255 at first, 0 for an identical picture, and otherwise the difference in brightness', () => {
    const eye = measurer();
    expect(eye.measure(draw(100), [], 0).change).toBe(255);
    expect(eye.measure(draw(100), [], 33).change).toBe(0);
    expect(eye.measure(draw(110), [], 66).change).toBeCloseTo(10, 0);
  });
});

describe('upright()', () => {
  /** White in the top left corner of the scene. */
  const corner = draw(0, [0, 0, 200, 100], 255);
  const asFrame = () => {
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
    canvas.getContext('2d')?.putImageData(corner, 0, 0);
    return new VideoFrame(canvas, { timestamp: 7 });
  };

  it.each([
    { rotation: 90, size: { width: HEIGHT, height: WIDTH }, at: [HEIGHT - 50, 100] },
    { rotation: 180, size: { width: WIDTH, height: HEIGHT }, at: [WIDTH - 100, HEIGHT - 50] },
    { rotation: 270, size: { width: HEIGHT, height: WIDTH }, at: [50, WIDTH - 100] },
  ] as const)('turns pixels and video frames by $rotation degrees', ({ rotation, size, at: [x, y] }) => {
    for (const picture of [corner, asFrame()]) {
      const turned = upright(picture, rotation);
      expect(pictureSize(turned)).toEqual(size);
      expect(turned instanceof ImageData, 'of its kind').toBe(picture instanceof ImageData);
      const pixels = new Surface().draw(turned).getContext('2d');
      const lumaAt = (left: number, top: number) => pixels?.getImageData(left, top, 1, 1).data[0];
      expect(lumaAt(x, y)).toBe(255);
      expect(lumaAt(size.width - x, size.height - y), 'the opposite corner').toBe(0);
      for (const one of [picture, turned]) if (!(one instanceof ImageData)) one.close();
    }
  });

  it('returns the picture itself for 0 degrees', () => {
    expect(upright(corner, 0)).toBe(corner);
  });
});

describe('FrameKeeper', () => {
  const HOLD = { group: 'hold', step: 'passive', wanted: 2 } as const;
  const picture = draw(100, MIDDLE, 200);

  it('encodes pictures as JPEG, and scales large ones down', async () => {
    const keeper = new FrameKeeper();
    keeper.keep(picture, frameOf(), HOLD);
    keeper.keep(new ImageData(2560, 1440), frameOf({ time: 100 }), HOLD);
    const sizes = await Promise.all(
      keeper.choose(9).map(async ({ jpeg }) => {
        const bytes = await jpeg;
        expect([...bytes.slice(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
        const { width, height } = await createImageBitmap(new Blob([bytes]));
        return [width, height];
      }),
    );
    expect(sizes).toEqual([
      [640, 480],
      [1280, 720],
    ]);
  });

  it('allows a picture to be closed right after keep()', async () => {
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
    canvas.getContext('2d')?.putImageData(picture, 0, 0);
    const frame = new VideoFrame(canvas, { timestamp: 0 });
    const keeper = new FrameKeeper();
    keeper.keep(frame, frameOf(), HOLD);
    frame.close();
    expect((await keeper.choose(1)[0]?.jpeg)?.length).toBeGreaterThan(1_000);
  });

  it('chooses as many frames of each group as wanted, in order of time, and no more than fit', () => {
    const keeper = new FrameKeeper();
    for (let time = 0; time < 1_000; time += 50) {
      keeper.keep(picture, frameOf({ time }), HOLD);
      keeper.keep(picture, frameOf({ time: 1_000 + time }), { group: 'turned-0', step: 'lookLeft', wanted: 3 });
    }
    const chosen = keeper.choose(9);
    expect(chosen.map(({ step }) => step)).toEqual(['passive', 'passive', 'lookLeft', 'lookLeft', 'lookLeft']);
    const times = chosen.map(({ analysis }) => analysis.time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(keeper.choose(2).map(({ step }) => step)).toEqual(['passive', 'lookLeft']);
    expect(keeper.choose(0)).toEqual([]);
  });

  it('chooses frames of every head turn even if not all frames fit', () => {
    const keeper = new FrameKeeper();
    for (const time of [0, 180, 360, 540, 720, 900])
      keeper.keep(picture, frameOf({ time, sharpness: 90 }), { ...HOLD, wanted: 6 });
    for (const [turn, start] of [1_000, 1_100].entries()) {
      for (const time of [start, start + 50]) {
        keeper.keep(picture, frameOf({ time, sharpness: 10 }), { group: `turned-${turn}`, step: 'lookUp', wanted: 2 });
      }
    }
    const groups = (most: number) => new Set(keeper.choose(most).map(({ group }) => group));
    for (const most of [3, 4, 8]) expect(groups(most), String(most)).toEqual(new Set(['hold', 'turned-0', 'turned-1']));
    expect(keeper.choose(4)).toHaveLength(4);
  });

  it('keeps the better frames if more come than it has room for', () => {
    const keeper = new FrameKeeper();
    for (let at = 0; at < 40; at++)
      keeper.keep(picture, frameOf({ time: at * 25, sharpness: at % 10 === 5 ? 90 : 10 }), HOLD);
    for (const { analysis } of keeper.choose(2)) expect(analysis.measurements?.sharpness).toBe(90);
  });

  it('forgets only the group it is told to forget', () => {
    const keeper = new FrameKeeper();
    keeper.keep(picture, frameOf(), HOLD);
    keeper.keep(picture, frameOf({ time: 50 }), { group: 'centre-0', step: 'passive', wanted: 1 });
    keeper.forget('hold');
    expect(keeper.choose(9).map(({ group }) => group)).toEqual(['centre-0']);
  });
});
