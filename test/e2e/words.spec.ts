/** Locales of the built element, from the built server, under the strict policy of the onboarding page. */
import { expect, test } from '@playwright/test';
import de from '../../src/strings/locales/de.js';
import he from '../../src/strings/locales/he.js';
import { en } from '../../src/strings/en.js';
import { ElementPage } from './element-page.js';
import { type RunningServer, startServer } from './server.js';

let server: RunningServer;
test.beforeAll(async () => (server = await startServer()));
test.afterAll(() => server.stop());

test('the element fetches a locale’s file once, when it is first needed, and none for English', async ({ page }) => {
  const files: string[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith('/locales/')) files.push(`${response.status()} ${pathname}`);
  });
  await page.goto(server.url);
  const title = page.locator('face-liveness [part=title]');
  await expect(title).toHaveText(en.idle.title);
  expect(files, 'English is built in').toEqual([]);
  for (const [lang, strings] of Object.entries({ de, he })) {
    await page.evaluate((tag) => (document.documentElement.lang = tag), lang);
    await expect(title).toHaveText(strings.idle.title);
  }
  await page.evaluate(() => (document.documentElement.lang = 'de'));
  await expect(title).toHaveText(de.idle.title);
  expect(files).toEqual(['200 /locales/de.js', '200 /locales/he.js']);
});

test('the element speaks English when the locale’s file cannot be fetched', async ({ page }) => {
  await page.route('**/locales/*', (route) => route.abort());
  const element = await ElementPage.open(page, server, 'lang="de"');
  await expect(page.locator('face-liveness [part=title]')).toHaveText(en.idle.title);
  await expect(page.locator('face-liveness section')).toHaveAttribute('lang', 'en');
  expect(element.requested.filter((url) => url.includes('/locales/'))).toEqual([`${server.url}/locales/de.js`]);
});

test('a locale that failed to load is fetched again once online, if the browser retries imports', async ({
  page,
  browser,
}) => {
  await page.route('**/locales/*', (route) => route.abort(), { times: 1 });
  await ElementPage.open(page, server, 'lang="de"');
  const title = page.locator('face-liveness [part=title]');
  await expect(title).toHaveText(en.idle.title);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  // Older versions never fetch a module again once it failed: https://github.com/whatwg/html/pull/10327
  const asksAgain = parseInt(browser.version()) >= 156;
  await expect(title).toHaveText((asksAgain ? de : en).idle.title);
});
