/** PassiveActive sessions, and the light; an actor in the camera's place follows the element's public events. */
import { expect, test, type Page } from '@playwright/test';
import type { CaptureManifest } from '../../src/protocol/wire.js';
import { actorScript } from '../fixtures/actor.js';
import { ElementPage } from './element-page.js';
import { ANY_LOOPBACK, withFlags } from './flags.js';
import { type Proxy, startProxy } from './proxy.js';
import { type RunningServer, startServer } from './server.js';

test.use(withFlags(...ANY_LOOPBACK));

let server: RunningServer;
let proxy: Proxy;

test.beforeAll(async () => {
  server = await startServer();
  proxy = await startProxy(server.url);
});
test.afterAll(async () => {
  await proxy.close();
  await server.stop();
});
test.beforeEach(() => {
  proxy.seen.length = 0;
});

/** @param brightness of the actor's room: 1 as recorded, 0 black, 2 white */
async function open(page: Page, brightness: number): Promise<ElementPage> {
  await page.addInitScript({ content: await actorScript({ scene: { brightness }, everyNth: 2 }) });
  return ElementPage.open(page, server, `endpoint="${proxy.url}"`);
}

/** @returns a function that reads all guidance codes shown so far, in order */
async function collectGuidance(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    document.addEventListener('liveness-guidance', (event) => shown.push(event.guidance.code));
  });
  return () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
}

test('in the dark, PassiveActive asks for head turns, ends with UserCanceledActiveMotionPrompt if they are declined, and otherwise sends those the service drew', async ({
  page,
}) => {
  const element = await open(page, 0.25);
  await element.set({ policy: { lightMs: { passiveActive: 500 } } });
  const guidance = await collectGuidance(page);
  const { sessionId, authToken } = await element.createSession({ livenessOperationMode: 'PassiveActive' });
  await test.step('declining the head turns', async () => {
    const declined = element.start(authToken);
    await page.getByRole('button', { name: 'Not now' }).click({ timeout: 60_000 });
    expect.soft((await declined).error?.code).toBe('UserCanceledActiveMotionPrompt');
    await expect.poll(() => element.held()).toMatchObject({ workers: 0 });
  });

  const outcome = element.start(authToken);
  await expect(page.getByRole('heading', { name: 'Turn your head a little' })).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('p', { hasText: 'It is quite dark here.' })).toBeVisible();
  expect(await guidance()).toContain('tooDark');
  await page.getByRole('button', { name: 'Continue' }).click();
  const { result, error } = await outcome;
  expect(error).toBeUndefined();

  const start = proxy.seen.findLast(({ path }) => path.endsWith('/session/start'));
  const { activeMotion } = JSON.parse(start?.answer.toString() ?? '{}') as { activeMotion: { directions: string[] } };
  const sent = proxy.seen.find(({ path }) => path.endsWith('/detectLiveness/singleModal'));
  const form = await new Response(sent?.body, {
    headers: { 'content-type': sent?.headers['content-type'] ?? '' },
  }).formData();
  const manifest = JSON.parse(String(form.get('manifest'))) as CaptureManifest;
  const steps = manifest.frames.map(({ step }) => step);
  const turns = steps.filter((step, index) => step !== 'passive' && step !== steps[index - 1]);
  expect(activeMotion.directions.length).toBeGreaterThanOrEqual(2);
  expect(turns).toEqual(activeMotion.directions);
  expect(steps[0], 'from the front').toBe('passive');
  expect(steps.at(-1), 'to the front').toBe('passive');
  const entry = (await element.audit(sessionId)).find(({ requestId }) => requestId === result?.resultId);
  expect(entry?.digest).toBe(result?.digest);
});

for (const { light, brightness, code, words } of [
  { light: 'dark', brightness: 0.25, code: 'tooDark', words: 'More light, please' },
  { light: 'bright', brightness: 1.5, code: 'tooBright', words: 'Too bright here' },
]) {
  test(`in a room that is too ${light}, Passive says so and ends with EnvironmentNotSupported`, async ({ page }) => {
    const element = await open(page, brightness);
    const guidance = await collectGuidance(page);
    await element.set({ policy: { lightMs: { passive: 5_000 } } });
    const { authToken } = await element.createSession();
    const outcome = element.start(authToken);
    await expect(page.getByRole('heading', { name: words })).toBeVisible({ timeout: 60_000 });
    expect((await outcome).error?.code).toBe('EnvironmentNotSupported');
    expect(new Set(await guidance())).toEqual(new Set([code]));
  });
}

test('the element lights up the screen when it is dark, unless no-light-help is set', async ({ page }) => {
  const element = await open(page, 0.25);
  await element.set({ policy: { guidance: { escalateMs: 2_000 } } });
  const shadow = () =>
    page.evaluate(() => {
      const base = document.querySelector('face-liveness')?.shadowRoot?.querySelector('.base');
      return base ? getComputedStyle(base).boxShadow : '';
    });
  for (const [helps, expected] of [
    [true, /rgb\(255, 255, 255\)/],
    [false, /^none$/],
  ] as const) {
    await page.evaluate((on) => document.querySelector('face-liveness')?.toggleAttribute('no-light-help', !on), helps);
    const { authToken } = await element.createSession();
    const outcome = element.start(authToken);
    // The escalated words for a dark face, shown after 2 s: by then the screen would be lit.
    await expect(page.getByRole('heading', { name: 'Turn on a light, or face a window' })).toBeVisible({
      timeout: 60_000,
    });
    await expect.poll(shadow).toMatch(expected);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await outcome;
    expect(await shadow()).toBe('none');
  }
});
