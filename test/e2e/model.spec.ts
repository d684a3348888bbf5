/** The built model and wasm, in a module worker, on real faces: what it finds, where, and what its angles mean. */
import { type Page, expect, test } from '@playwright/test';
import { prepareAssets } from '../../scripts/assets.js';
import { poseOf } from '../../worker/measure/pose.js';
import type { Face } from '../fixtures/page/detector.js';
import type { Drawing } from '../fixtures/page/faces.js';
import { type FileServer, serveRepository } from '../fixtures/serve.js';

const PORTRAIT = 'franck_02159.jpg';
/** Read off the portrait by eye, as shares of its width and height. */
const SEEN = {
  rightEye: { indices: [33, 133], x: 0.503, y: 0.474 },
  leftEye: { indices: [362, 263], x: 0.66, y: 0.445 },
  mouth: { indices: [61, 291], x: 0.593, y: 0.68 },
};

let server: FileServer;
/** One page for all tests that look for faces, so that it loads the model once. */
let shared: Page;
const requested: string[] = [];

test.beforeAll(async ({ browser }) => {
  prepareAssets();
  server = await serveRepository();
  shared = await browser.newPage();
  shared.on('request', (request) => requested.push(request.url()));
  await shared.goto(server.pageOf('test/fixtures/page/faces.ts'));
});

test.afterAll(async () => {
  await shared.close();
  await server.close();
});

function findFaces(drawing: Drawing): Promise<Face[]> {
  return shared.evaluate((asked) => window.findFaces(asked), drawing);
}

/** The point of the face mesh with this index. */
function at({ points }: Face, index: number): { x: number; y: number } {
  const point = points[index];
  if (!point) throw new Error(`No point ${index}.`);
  return point;
}

test('the model finds the one face of a portrait and its points, and requests nothing from elsewhere', async () => {
  const faces = await findFaces({ source: PORTRAIT });
  expect(faces).toHaveLength(1);
  const face = faces[0] as Face;
  expect(face.points).toHaveLength(478);
  // Points 468 to 477, the irises in other models, repeat points of the eyes, so they do not widen the face's box.
  expect(face.points.slice(468)).toEqual([33, 133, 159, 145, 33, 362, 263, 386, 374, 263].map((of) => at(face, of)));
  for (const [name, { indices, x, y }] of Object.entries(SEEN)) {
    const points = indices.map((index) => at(face, index));
    const mean = (of: 'x' | 'y') => points.reduce((sum, point) => sum + point[of], 0) / points.length;
    expect(Math.abs(mean('x') - x), `${name}, x`).toBeLessThan(0.02);
    expect(Math.abs(mean('y') - y), `${name}, y`).toBeLessThan(0.03);
  }
  expect(requested.length).toBeGreaterThanOrEqual(5);
  expect(requested.filter((url) => new URL(url).origin !== server.origin && !url.startsWith('data:'))).toEqual([]);
});

test('the model finds no face in a black picture', async () => {
  expect(await findFaces({ source: PORTRAIT, blank: true })).toEqual([]);
});

test('the model keeps track of two faces from frame to frame', async ({ page }) => {
  await page.goto(server.pageOf('test/fixtures/page/two-faces.ts'));
  const analyses = await page.evaluate(() => window.followTwoFaces(12));
  expect(analyses.map(({ faceCount }) => faceCount)).toEqual(Array(12).fill(2));
  const widths = analyses.map(({ face }) => face?.width ?? NaN);
  // The pictures hardly differ, so a box that jumps means that tracking was lost.
  expect(Math.max(...widths) / Math.min(...widths)).toBeLessThan(1.05);
});

test('yaw, pitch and roll are given in the person’s own directions', async () => {
  const pose = async (drawing: Drawing) => {
    const [face, ...others] = await findFaces(drawing);
    expect(others, 'other faces').toEqual([]);
    return poseOf(face?.matrix ?? []);
  };
  // The recorded clip is not mirrored: the person's left is on the right of the picture.
  const frontal = await pose({ source: 2 });
  expect(Math.abs(frontal.yaw)).toBeLessThan(6);
  expect(Math.abs(frontal.roll)).toBeLessThan(4);
  expect((await pose({ source: 20.2 })).yaw, 'nose to the left of the picture').toBeLessThan(frontal.yaw - 10);
  expect((await pose({ source: 21.3 })).yaw, 'nose to the right of the picture').toBeGreaterThan(frontal.yaw + 7);
  expect((await pose({ source: 21.3, mirror: true })).yaw, 'the same, mirrored').toBeLessThan(-7);
  expect((await pose({ source: 23 })).pitch, 'looks down').toBeLessThan(frontal.pitch - 10);
  expect((await pose({ source: 24.5 })).pitch, 'looks up').toBeGreaterThan(frontal.pitch + 10);
  for (const degrees of [-20, -10, 10, 20]) {
    const { roll } = await pose({ source: 2, rotate: degrees });
    expect(Math.abs(roll - frontal.roll - degrees), `turned ${degrees}° clockwise`).toBeLessThan(3);
  }
});
