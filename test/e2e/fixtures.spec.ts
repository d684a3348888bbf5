/** The cameras that the other tests rely on show what they say they show. */
import { type Browser, type Page, chromium, expect, test } from '@playwright/test';
import { prepareAssets } from '../../scripts/assets.js';
import { findBrowser } from '../../scripts/browser.js';
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import { DEFAULT_POLICY } from '../../src/protocol/policy.js';
import { assess } from '../../worker/guide/assess.js';
import { FACE_PORTRAIT_VIDEO, FACE_VIDEO, buildFixtures } from '../fixtures/build.js';
import { type FileServer, serveRepository } from '../fixtures/serve.js';

const RING_ASPECT = 3 / 4;

let server: FileServer;

test.beforeAll(async () => {
  prepareAssets();
  await buildFixtures();
  server = await serveRepository();
});

test.afterAll(() => server.close());

/** What is measured while a browser of its own watches the camera. */
async function watch(args: string[], prepare?: (page: Page) => Promise<void>): Promise<FrameAnalysis[]> {
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox', ...args] });
    const page = await browser.newPage();
    await prepare?.(page);
    await page.goto(server.pageOf('test/fixtures/page/watch-camera.ts'));
    return await page.evaluate(() => window.watchCamera(7));
  } finally {
    await browser?.close();
  }
}

for (const { name, file, width, height } of [
  { name: 'landscape', file: FACE_VIDEO, width: 640, height: 480 },
  { name: 'portrait', file: FACE_PORTRAIT_VIDEO, width: 480, height: 640 },
]) {
  test(`the ${name} camera shows one willing person, without a jump`, async () => {
    const analyses = await watch([
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${file}`,
    ]);
    expect(analyses.length).toBeGreaterThan(60);
    expect(analyses[0]?.frame).toEqual({ width, height });
    const findings = analyses.map((analysis) => assess(analysis, DEFAULT_POLICY, RING_ASPECT, null)?.code ?? 'fine');
    expect(findings.filter((finding) => finding !== 'fine')).toEqual([]);
    const shares = analyses.map(({ face }) => (face?.width ?? 0) / width);
    if (name === 'landscape') {
      expect(Math.min(...shares)).toBeGreaterThan(0.3);
      expect(Math.max(...shares)).toBeLessThan(0.38);
    }
    // Longer than the loop, so its seam is among what was seen.
    const steps = analyses.map(({ measurements }) => measurements?.motion ?? Infinity);
    expect(Math.max(...steps), 'face widths per second').toBeLessThan(0.6);
  });
}
