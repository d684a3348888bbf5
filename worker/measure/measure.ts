/**
 * Turns a picture and the faces detected in it into a `FrameAnalysis`. Apart from the encoder, only this reads pixels.
 */
import type { FaceRectangle } from '../../src/protocol/geometry.js';
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { Picture } from '../../src/protocol/worker-api.js';
import type { DetectedFace } from '../detector.js';
import { pictureSize, Surface } from '../picture.js';
import { distinctFaces, faceGeometry, placeInRing } from './face.js';
import { brightnessAround, faceLight, lumaOf, meanBrightness, meanChange, sharpness, type Luma } from './light.js';
import { poseOf } from './pose.js';

/** Long side of the reduced picture, and side of the cropped face, in pixels: enough to measure, cheap to read. */
const OVERVIEW = 96;
const CUT = 112;

export class Measurer {
  readonly #ringAspect: number;
  readonly #bystander: number;
  readonly #whole = new Surface({ willReadFrequently: true });
  readonly #overview = new Surface({ willReadFrequently: true });
  readonly #cut = new Surface({ willReadFrequently: true });
  #lastOverview: Luma | null = null;
  #lastCentre: { time: number; x: number; y: number } | null = null;

  /**
   * @param ringAspect width over height of the ring
   * @param bystander a face narrower than this share of the largest is not counted
   */
  constructor(ringAspect: number, bystander: number) {
    this.#ringAspect = ringAspect;
    this.#bystander = bystander;
  }

  /** @param time milliseconds, increasing */
  measure(picture: Picture, faces: readonly DetectedFace[], time: number): FrameAnalysis {
    const frame = pictureSize(picture);
    const found = distinctFaces(
      faces.map(({ landmarks, matrix }) => ({ matrix, ...faceGeometry(landmarks, frame.width, frame.height) })),
    );
    const [main] = found;
    const scale = OVERVIEW / Math.max(frame.width, frame.height);
    // Drawn once, because each drawing of a video frame converts it from the camera's format.
    const pixels = this.#whole.draw(picture);
    const overview = lumaOf(
      read(this.#overview, pixels, { left: 0, top: 0, ...frame }, frame.width * scale, frame.height * scale),
    );
    const whole = {
      time,
      frame,
      brightness: meanBrightness(overview),
      change: meanChange(this.#lastOverview, overview),
    };
    this.#lastOverview = overview;
    if (!main) {
      this.#lastCentre = null;
      return { ...whole, faceCount: 0, face: null, points: null, measurements: null };
    }
    const { rectangle, points, matrix, ...features } = main;
    const cut = lumaOf(read(this.#cut, pixels, within(rectangle, frame), CUT, CUT));
    return {
      ...whole,
      faceCount: found.filter((face) => face.rectangle.width >= this.#bystander * rectangle.width).length,
      face: rectangle,
      points,
      measurements: {
        ...placeInRing(rectangle, frame, this.#ringAspect),
        ...poseOf(matrix),
        ...features,
        sharpness: sharpness(cut),
        ...faceLight(cut),
        backgroundBrightness: brightnessAround(overview, scaled(rectangle, scale)),
        motion: this.#motion(rectangle, time),
      },
    };
  }

  #motion(face: FaceRectangle, time: number): number {
    const centre = { time, x: face.left + face.width / 2, y: face.top + face.height / 2 };
    const last = this.#lastCentre;
    this.#lastCentre = centre;
    if (!last || time <= last.time) return 0;
    const moved = Math.hypot(centre.x - last.x, centre.y - last.y) / face.width;
    return (moved * 1000) / (time - last.time);
  }
}

/** The part of a box that lies in the picture, at least one pixel: the area outside must not be measured as dark. */
function within(box: FaceRectangle, frame: { width: number; height: number }): FaceRectangle {
  const left = Math.max(0, Math.min(box.left, frame.width - 1));
  const top = Math.max(0, Math.min(box.top, frame.height - 1));
  const right = Math.min(box.left + box.width, frame.width);
  const bottom = Math.min(box.top + box.height, frame.height);
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function scaled(box: FaceRectangle, factor: number): FaceRectangle {
  return { left: box.left * factor, top: box.top * factor, width: box.width * factor, height: box.height * factor };
}

/** Reads a part of a canvas, scaled to the given size. */
function read(into: Surface, from: OffscreenCanvas, part: FaceRectangle, width: number, height: number): ImageData {
  const context = into.context(Math.round(width), Math.round(height));
  const { canvas } = context;
  context.drawImage(from, part.left, part.top, part.width, part.height, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
