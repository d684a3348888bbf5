/** End-to-end tests: the built pages and the built service in a real Chromium. Each spec chooses its camera. */
import { defineConfig } from '@playwright/test';
import { installedShell } from './scripts/browser.js';

const PICTURES = '**/screenshots.spec.ts';
const FIXTURES = '**/fixtures.spec.ts';
const PAGES = [
  'assets',
  'demo',
  'docs',
  'model',
  'operator',
  'operator-key',
  'package',
  'package-types',
  'support',
  'words',
].map((name) => `**/${name}.spec.ts`);

/**
 * Each page compiles the detector's wasm anew and lives for seconds: compiling all of it with optimisation would cost
 * more than it saves.
 */
const COMPILE_AS_CALLED = '--js-flags=--wasm-lazy-compilation --liftoff-only';

export default defineConfig({
  testDir: 'test/e2e',
  globalSetup: './test/e2e/build.ts',
  // One test at a time: the detector occupies a core, and delays caused by a slow neighbour would look like faults of
  // the element.
  workers: 1,
  // The projects that `npm test` runs side by side.
  projects: [
    { name: 'sessions', testIgnore: [PICTURES, FIXTURES, ...PAGES] },
    { name: 'pages', testMatch: PAGES },
    { name: 'pictures', testMatch: PICTURES },
    { name: 'fixtures', testMatch: FIXTURES },
  ],
  // Only failing tests wait this long: a busy machine is slow, and no test here is about speed.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    launchOptions: {
      executablePath: installedShell() ?? undefined,
      args: ['--no-sandbox', '--no-proxy-server', COMPILE_AS_CALLED],
    },
    actionTimeout: 30_000,
    // A phone's viewport, since everything is drawn without a graphics card.
    viewport: { width: 390, height: 844 },
    // For more about a failing test, run it with `--trace on`; for all tests that would cost a tenth of the time.
    screenshot: 'only-on-failure',
  },
});
