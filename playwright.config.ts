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
  'package-files',
  'package-types',
  'support',
  'words',
].map((name) => `**/${name}.spec.ts`);

/**
 * Each page compiles the detector's wasm again and lives only for seconds: optimising all of it would cost more time
 * than it saves.
 */
const COMPILE_AS_CALLED = '--js-flags=--wasm-lazy-compilation --liftoff-only';

export default defineConfig({
  testDir: 'test/e2e',
  globalSetup: './test/e2e/build.ts',
  // One test at a time: the detector occupies a core, and delays caused by a slow neighbour would look like faults of
  // the element.
  workers: 1,
  // The projects that `npm test` runs as separate steps.
  projects: [
    { name: 'sessions', testIgnore: [PICTURES, FIXTURES, ...PAGES] },
    { name: 'pages', testMatch: PAGES },
    { name: 'pictures', testMatch: PICTURES },
    { name: 'fixtures', testMatch: FIXTURES },
  ],
  // Long, because a busy machine is slow and no test here is about speed. Only failing tests wait this long.
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
    // A phone's viewport: a small page is drawn faster, and there is no graphics card.
    viewport: { width: 390, height: 844 },
    // Run a failing test with `--trace on` to learn more; tracing all tests would make them a tenth slower.
    screenshot: 'only-on-failure',
  },
});
