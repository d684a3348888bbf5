/** Cameras that cannot be had, by the browser's own flags: each has its code, and its sentence for the person. */
import { chromium, expect, test } from '@playwright/test';
import { ElementPage } from './element-page.js';
import { type RunningServer, startServer } from './server.js';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server.stop();
});

const CONDITIONS = [
  {
    name: 'denied',
    args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'],
    code: 'CameraPermissionDenied',
    told: 'The camera is blocked',
  },
  {
    name: 'missing',
    args: ['--use-fake-device-for-media-stream=device-count=0', '--use-fake-ui-for-media-stream'],
    code: 'CameraNotFound',
    told: 'No camera found',
  },
];

for (const { name, args, code, told } of CONDITIONS) {
  test(`a camera that is ${name} ends with ${code} and says so`, async ({ launchOptions }) => {
    const browser = await chromium.launch({ ...launchOptions, args: [...(launchOptions.args ?? []), ...args] });
    try {
      const page = await browser.newPage();
      const element = await ElementPage.open(page, server);
      const { authToken } = await element.createSession();
      expect(await element.start(authToken)).toEqual({ error: { code, retryable: true } });
      await expect(page.getByRole('heading', { name: told })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
      await expect.poll(() => element.held()).toEqual({ tracks: [], workers: 0 });
    } finally {
      await browser.close();
    }
  });
}
