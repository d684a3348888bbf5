import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { installedShell } from './scripts/browser.js';
import { echo } from './test/element/echo.js';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // With isolation, most of the time would be spent on loading the same modules for every file.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'service',
          include: ['test/service/**/*.test.ts'],
          // Builds the server and starts a PostgreSQL for the suite.
          globalSetup: 'test/service/global-setup.ts',
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'judge',
          include: ['test/judge/**/*.test.ts'],
          globalSetup: 'test/judge/global-setup.ts',
          // One process for all files, so that the models' code is compiled and the packages are loaded only once.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'engines',
          include: ['test/engines/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        // Lists dependencies: one that Vite discovers while the tests run makes the page reload.
        plugins: [echo],
        optimizeDeps: { include: ['lit', 'lit/decorators.js', 'lit/directives/live.js', 'comlink'] },
        test: {
          name: 'element',
          include: ['test/element/**/*.test.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: installedShell() ?? undefined,
                args: [
                  '--no-sandbox',
                  '--no-proxy-server',
                  '--use-fake-device-for-media-stream',
                  '--use-fake-ui-for-media-stream',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
