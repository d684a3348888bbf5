/** How the operator page asks for the service's API key, refuses a wrong one and forgets it. */
import { expect, test } from '@playwright/test';
import { BackEnd } from './back-end.js';
import { openOperator } from './demo-pages.js';
import { NO_CAMERA, withFlags } from './flags.js';
import { type RunningServer, startServer } from './server.js';

test.use(withFlags(...NO_CAMERA));

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

test('the operator page shows nothing without the right key', async ({ page, request }) => {
  await openOperator(page, server, 'not-the-key');
  await expect(page.getByText('The service does not know this key.')).toBeVisible();
  const key = page.getByLabel('API key');
  await expect(key).toBeFocused();
  await expect(key).toHaveAttribute('aria-invalid', 'true');
  await expect(key).toHaveAccessibleDescription(/in the file api-key .* does not know this key/);
  await expect(page.locator('#desk')).toBeHidden();
  expect((await request.get(`${server.url}/demo/api/reports`)).status()).toBe(401);
});

test('forgetting the key also clears the search and closes the open session', async ({ page }) => {
  const { sessionId } = await new BackEnd(server).createSession();
  await openOperator(page, server);
  await page.getByRole('searchbox').fill(sessionId);
  await page.locator(`#sessions a[href="#${sessionId}"]`).click();
  await expect(page).toHaveURL(/#/);
  await page.getByRole('button', { name: 'Forget the key' }).click();
  await expect(page.getByLabel('API key')).toBeVisible();
  await expect(page).not.toHaveURL(/#/);
  await page.getByLabel('API key').fill(server.apiKey);
  await page.getByRole('button', { name: 'Show the sessions' }).click();
  await expect(page.locator('#desk')).toBeVisible();
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect(page.locator('#detail')).toContainText('Choose a session');
});

test('an answer that arrives after the key was forgotten does not fill the list', async ({ page }) => {
  await new BackEnd(server).createSession();
  await openOperator(page, server);
  await expect(page.locator('#sessions a')).not.toHaveCount(0);
  let answer: (() => void) | undefined;
  await page.route('**/demo/api/reports', async (route) => {
    await new Promise<void>((resolve) => (answer = resolve));
    await route.continue();
  });
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect.poll(() => answer).toBeDefined();
  await page.getByRole('button', { name: 'Forget the key' }).click();
  const answered = page.waitForResponse('**/demo/api/reports');
  answer?.();
  await (await answered).finished();
  await page.waitForTimeout(100);
  await expect(page.locator('#sessions a')).toHaveCount(0);
});

test('a late 401 does not sign out an operator who has entered the key again since', async ({ page }) => {
  await openOperator(page, server);
  await expect(page.locator('#desk')).toBeVisible();
  let refuse: (() => void) | undefined;
  await page.route(
    '**/operator/api/sessions?*',
    async (route) => {
      await new Promise<void>((resolve) => (refuse = resolve));
      await route.fulfill({ status: 401, json: {} });
    },
    { times: 1 },
  );
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect.poll(() => refuse).toBeDefined();
  await page.getByRole('button', { name: 'Forget the key' }).click();
  await page.getByLabel('API key').fill(server.apiKey);
  await page.getByRole('button', { name: 'Show the sessions' }).click();
  await expect(page.locator('#desk')).toBeVisible();
  const answered = page.waitForResponse('**/operator/api/sessions?*');
  refuse?.();
  await (await answered).finished();
  await page.waitForTimeout(100);
  await expect(page.locator('#desk')).toBeVisible();
});
