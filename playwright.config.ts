/** End-to-end tests: the built pages and the built service in a real Chromium. Cameras are chosen by each spec. */
import { defineConfig } from '@playwright/test';
import { installedShell } from './scripts/browser.js';

const PICTURES = '**/screenshots.spec.ts';
const FIXTURES = '**/fixtures.spec.ts';
const PAGES = ['assets', 'demo', 'docs', 'model', 'operator', 'package', 'package-types', 'support', 'words'].map(
  (name) => `**/${name}.spec.ts`,
);

/** Each page compiles the detector anew and lives for seconds: compiling all of it, and well, costs more than it saves. */
const COMPILE_AS_CALLED = '--js-flags=--wasm-lazy-compilation --liftoff-only';

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  globalSetup: './test/e2e/build.ts',
  // One at a time: the detector takes a core for itself, and waits for a slow neighbour would be blamed on the element.
  workers: 1,
  // What `npm test` runs side by side.
  projects: [
    { name: 'sessions', testIgnore: [PICTURES, FIXTURES, ...PAGES] },
    { name: 'pages', testMatch: PAGES },
    { name: 'pictures', testMatch: PICTURES },
    { name: 'fixtures', testMatch: FIXTURES },
  ],
  // Only what fails waits for so long: a machine with other work is slow, and nothing here is about how fast it is.
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
    // A phone's: what is drawn here is drawn without a graphics card.
    viewport: { width: 390, height: 844 },
    // To see more of one that fails, run it with `--trace on`: of all tests it costs a tenth of the time.
    screenshot: 'only-on-failure',
  },
});
