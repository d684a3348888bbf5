/** The pictures on the operator's page. */
import type { Locator } from '@playwright/test';

/** @returns how many of the canvases show a rectangle of this colour */
export async function countMarked(canvases: Locator, colour: [number, number, number]): Promise<number> {
  return (await marks(canvases, colour)).filter(({ count }) => count > 500).length;
}

/** @returns the outermost pixels of this colour in each canvas */
export async function markedEdges(canvases: Locator, colour: [number, number, number]) {
  return (await marks(canvases, colour)).map(({ edges }) => edges);
}

/** @returns for each canvas the number of its pixels of this colour, and the outermost of them */
function marks(canvases: Locator, colour: [number, number, number]) {
  return canvases.evaluateAll((elements, [red, green, blue]) => {
    return (elements as HTMLCanvasElement[]).map((canvas) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      const edges = { left: width, top: height, right: -1, bottom: -1 };
      let count = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        if (pixels[at] !== red || pixels[at + 1] !== green || pixels[at + 2] !== blue) continue;
        const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
        count += 1;
        edges.left = Math.min(edges.left, x);
        edges.top = Math.min(edges.top, y);
        edges.right = Math.max(edges.right, x);
        edges.bottom = Math.max(edges.bottom, y);
      }
      return { count, edges };
    });
  }, colour);
}
