/** The element pauses while nobody can see it, however the page hides it. Browser, worker and service are real. */
import { type Frame, type Page, expect, test } from '@playwright/test';
import { ASSET_CACHE } from '../../src/protocol/detector-files.js';
import { actorScript } from '../fixtures/actor.js';
import { BackEnd } from './back-end.js';
import { ElementPage } from './element-page.js';
import { allowLeaps } from './leap.js';
import { type RunningServer, startServer } from './server.js';

/** Long enough that no deadline passes on a slow machine. */
const DEADLINES = { framing: 600_000, hidden: 600_000, frame: 60_000 };

let server: RunningServer;

test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());
/** Nobody is in front of the camera until `personComes`. */
test.beforeEach(async ({ page }) => {
  await page.addInitScript(allowLeaps);
  await page.addInitScript(countPictures);
  await page.addInitScript({ content: await actorScript({ scene: { isEmpty: true }, everyNth: 2 }) });
});

function countPictures(): void {
  window.pictures = { shown: 0, taken: 0 };
  const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
    return requestVideoFrameCallback.call(this, (...given) => {
      window.pictures.shown++;
      callback(...given);
    });
  };
  window.VideoFrame = class extends VideoFrame {
    constructor(video: HTMLVideoElement) {
      super(video);
      window.pictures.taken++;
    }
  } as typeof VideoFrame;
}

type Where = Pick<Page | Frame, 'evaluate'>;

const title = (where: Where) =>
  where.evaluate(() => document.querySelector('face-liveness')?.shadowRoot?.querySelector('h2')?.textContent);
const counted = (where: Where) => where.evaluate(() => ({ ...window.pictures }));
const personComes = (where: Where) => where.evaluate(() => void (window.actor.scene.isEmpty = false));

/** The camera delivers pictures, and the element takes them. */
async function expectTaken(where: Where): Promise<void> {
  const before = await counted(where);
  await expect.poll(async () => (await counted(where)).taken).toBeGreaterThan(before.taken);
}

/** The camera delivers pictures, and the element takes none. */
async function expectNoneTaken(where: Where): Promise<void> {
  const before = await counted(where);
  await expect.poll(async () => (await counted(where)).shown).toBeGreaterThan(before.shown + 5);
  expect((await counted(where)).taken).toBe(before.taken);
}

/** Opens a page with the element inside a `tag` at the top, and 5000 px of empty space below. */
async function openWithin(page: Page, tag: string): Promise<ElementPage> {
  const element = await ElementPage.open(page, server);
  await page.evaluate((name) => {
    const around = Object.assign(document.createElement(name), { id: 'around' });
    around.append(document.querySelector('face-liveness') as Element);
    const below = document.createElement('div');
    below.style.height = '5000px';
    document.body.append(around, below);
  }, tag);
  await element.set({ deadlines: DEADLINES });
  return element;
}

test('the element pauses when Escape closes its dialog, and succeeds once the dialog is open again', async ({
  page,
}) => {
  const element = await openWithin(page, 'dialog');
  const open = () => page.locator('#around').evaluate((dialog: HTMLDialogElement) => dialog.showModal());
  await open();
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  await expectTaken(page);
  await page.keyboard.press('Escape');
  await expect.poll(() => title(page)).toBe('Paused');
  await personComes(page);
  await expectNoneTaken(page);
  await open();
  expect((await outcome).result?.digest).toMatch(/^[0-9A-F]{64}$/);
  await expect(page.getByRole('heading', { name: 'All done' })).toBeVisible();
});

test('in a top-level page, the element goes on when scrolled out of view but pauses when hidden', async ({ page }) => {
  const element = await openWithin(page, 'details');
  const set = (properties: { open?: boolean; hidden?: boolean }) =>
    page.locator('#around').evaluate((details, given) => void Object.assign(details, given), properties);
  await set({ open: true });
  const { authToken } = await element.createSession();
  const { outcome } = await element.startGuiding(authToken);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect(page.locator('face-liveness')).not.toBeInViewport();
  await expectTaken(page);
  for (const [away, back] of [
    [{ open: false }, { open: true }],
    [{ hidden: true }, { hidden: false }],
  ] as const) {
    await set(away);
    await expect.poll(() => title(page), JSON.stringify(away)).toBe('Paused');
    await expectNoneTaken(page);
    await set(back);
    await expect.poll(() => title(page), JSON.stringify(back)).not.toBe('Paused');
  }
  await personComes(page);
  expect((await outcome).result?.digest).toMatch(/^[0-9A-F]{64}$/);
  await expect(page.locator('face-liveness')).not.toBeInViewport();
});

/** Chromium renders no video in a cross-origin frame that is out of view, yet reports its page as visible. */
test('in a cross-origin frame, the element opens no camera below the fold and pauses when out of view', async ({
  page,
}) => {
  const framed = server.url.replace('127.0.0.1', 'localhost');
  const serve = (url: string, body: string) =>
    page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html>${body}` }));
  await serve(
    `${framed}/framed`,
    `<link rel="icon" href="data:,"><face-liveness endpoint="${framed}"></face-liveness>
      <script type="module" src="/face-liveness.js"></script>`,
  );
  await serve(
    `${server.url}/around`,
    `<div style="height: 5000px"></div><iframe src="${framed}/framed" allow="camera" width="360" height="700"></iframe>`,
  );
  await page.goto(`${server.url}/around`);
  const frame = page.frames()[1];
  if (!frame) throw new Error('No frame');
  await frame.waitForFunction(() => customElements.get('face-liveness'));
  const { authToken } = await new BackEnd(server).createSession();
  const outcome = frame.evaluate(
    async ({ token, deadlines }) => {
      const element = document.querySelector('face-liveness');
      return Object.assign(element ?? {}, { deadlines }) && (await element?.start(token));
    },
    { token: authToken, deadlines: DEADLINES },
  );
  const cached = () => frame.evaluate(async (name) => (await (await caches.open(name)).keys()).length, ASSET_CACHE);
  await expect.poll(cached, 'the face model is fetched meanwhile').toBe(2);
  expect(await frame.evaluate(() => window.actor.tracks.length)).toBe(0);

  const scroll = (y: number) => page.evaluate((top) => scrollTo(0, top), y);
  const show = (display: string) =>
    page.locator('iframe').evaluate((it, value) => void (it.style.display = value), display);
  await scroll(5_000);
  await expectTaken(frame);
  for (const [away, back] of [
    [() => scroll(0), () => scroll(5_000)],
    [() => show('none'), () => show('')],
  ] as const) {
    await away();
    await expect.poll(() => title(frame)).toBe('Paused');
    // Longer than `deadlines.camera`, within which a camera must deliver a picture.
    await frame.evaluate(() => window.leap(20_000));
    await back();
    await scroll(5_000);
    await expect.poll(() => title(frame)).toBe('Look at the camera');
  }
  await personComes(frame);
  expect((await outcome)?.digest).toMatch(/^[0-9A-F]{64}$/);
});

declare global {
  interface Window {
    pictures: { shown: number; taken: number };
  }
}
