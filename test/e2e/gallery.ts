/** The pictures on the operator's page. */
import type { Locator } from '@playwright/test';

/** @returns how many of the canvases show a rectangle of this colour */
export function countMarked(canvases: Locator, colour: [number, number, number]): Promise<number> {
  return canvases.evaluateAll((elements, [red, green, blue]) => {
    const marked = (elements as HTMLCanvasElement[]).filter((canvas) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      let count = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        if (pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue) count += 1;
      }
      return count > 500;
    });
    return marked.length;
  }, colour);
}

/** @returns the outermost pixels of this colour in each canvas */
export function markedEdges(canvases: Locator, colour: [number, number, number]) {
  return canvases.evaluateAll((elements, [red, green, blue]) => {
    return (elements as HTMLCanvasElement[]).map((canvas) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      const edges = { left: width, top: height, right: -1, bottom: -1 };
      for (let at = 0; at < pixels.length; at += 4) {
        if (pixels[at] !== red || pixels[at + 1] !== green || pixels[at + 2] !== blue) continue;
        const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
        edges.left = Math.min(edges.left, x);
        edges.top = Math.min(edges.top, y);
        edges.right = Math.max(edges.right, x);
        edges.bottom = Math.max(edges.bottom, y);
      }
      return edges;
    });
  }, colour);
}
