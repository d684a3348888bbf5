/** The size of a picture of the camera, and canvases to draw it on. */
import type { Picture } from '../src/protocol/worker-api.js';

export function pictureSize(picture: Picture): { width: number; height: number } {
  return picture instanceof ImageData
    ? { width: picture.width, height: picture.height }
    : { width: picture.displayWidth, height: picture.displayHeight };
}

/** A canvas that is reused, because creating one costs more than drawing on it. */
export class Surface {
  readonly #willReadFrequently: boolean;
  #canvas: OffscreenCanvas | null = null;

  /** @param options `willReadFrequently`: whether its pixels are read after each drawing */
  constructor({ willReadFrequently = false } = {}) {
    this.#willReadFrequently = willReadFrequently;
  }

  context(width: number, height: number): OffscreenCanvasRenderingContext2D {
    this.#canvas ??= new OffscreenCanvas(width, height);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const context = this.#canvas.getContext('2d', { willReadFrequently: this.#willReadFrequently, alpha: false });
    if (!context) throw new Error('No 2D context in the worker');
    return context;
  }

  /** Draws the whole picture, scaled by `scale`. */
  draw(picture: Picture, scale = 1): OffscreenCanvas {
    const { width, height } = pictureSize(picture);
    const context = this.context(Math.round(width * scale), Math.round(height * scale));
    const { canvas } = context;
    if (!(picture instanceof ImageData)) context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    else if (scale === 1) context.putImageData(picture, 0, 0);
    // putImageData cannot scale.
    else context.drawImage(new Surface().draw(picture), 0, 0, canvas.width, canvas.height);
    return canvas;
  }
}
