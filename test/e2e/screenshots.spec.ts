/**
 * Screenshots of everything a person can see, on a phone and on a desktop, in `dist/screenshots/`, which is not
 * committed. The element is the built one; a fake worker sends what each scene needs, and an actor sits in front of the
 * camera. Everything shown has to fit. `SCREENSHOTS_PAGE=my.html` uses a brand's page instead of ours; `ONLY=failed`
 * takes only scenes whose names begin with `failed`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { build } from 'vite';
import type { FaceLiveness } from '../../src/face-liveness.js';
import de from '../../src/strings/locales/de.js';
import { actorScript } from '../fixtures/actor.js';
import { listen } from '../listen.js';
import { gallery } from '../screenshots/gallery.js';
import { isLit, SCENES, VIEWPORTS, type Scene, type ViewportName } from '../screenshots/scenes.js';
import { attemptOf } from '../unit/samples.js';
import { tokenOf } from '../unit/token-of.js';

const FOLDER = 'dist/screenshots';
const { SCREENSHOTS_PAGE = '', ONLY = '' } = process.env;
/** Files of any other type are served without one, and browsers recognise them by content. */
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const PAGE = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Face check</title>
  <meta name="viewport" content="width=device-width">
  <style>
    body { margin: 0; background: light-dark(#fff, #11161d); color-scheme: light dark }
    face-liveness { --face-liveness-min-height: 100svh; --face-liveness-radius: 0 }
    @media (min-width: 600px) {
      body { display: grid; min-height: 100vh; place-content: center; background: light-dark(#dde4ee, #05080c) }
      face-liveness { width: 440px; --face-liveness-min-height: auto; --face-liveness-radius: 20px }
    }
  </style>
  <body><face-liveness></face-liveness>`;

/** Path of a brand's page; empty for our own. */
let brandPage = SCREENSHOTS_PAGE;
let server: Server;
let origin = '';

test.beforeAll(async () => {
  const worker = await bundledFakeWorker();
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const send = (type: string, body: string | Buffer) => response.writeHead(200, { 'content-type': type }).end(body);
    // A brand's file takes precedence over one of ours with the same name.
    const folders = [...(brandPage ? [dirname(brandPage)] : []), 'dist/element'];
    const file = folders.map((folder) => join(folder, path)).find((name) => existsSync(name));
    if (path === '/') send('text/html; charset=utf-8', brandPage ? readFileSync(brandPage) : PAGE);
    else if (path === '/fake.worker.js') send('text/javascript', worker);
    else if (path.endsWith('/session/start')) send('application/json', JSON.stringify(attemptOf()));
    else if (file && extname(file)) send(TYPES[extname(file)] ?? '', readFileSync(file));
    else response.writeHead(extname(path) ? 404 : 204).end();
  });
  origin = `http://127.0.0.1:${await listen(server)}`;
});

test.afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  writeFileSync(join(FOLDER, 'index.html'), gallery(FOLDER));
});

async function bundledFakeWorker(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: { write: false, lib: { entry: 'test/element/fake.worker.ts', formats: ['es'], fileName: 'fake' } },
  });
  const [bundle] = Array.isArray(built) ? built : [];
  const chunk = bundle?.output[0];
  if (chunk?.type !== 'chunk') throw new Error('The fake worker was not built');
  return chunk.code;
}

for (const viewport of Object.keys(VIEWPORTS) as ViewportName[]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the element shows the right title and fits in every state: ${viewport}, ${colorScheme}`, async ({
      browser,
    }) => {
      test.setTimeout(480_000);
      const isFirst = ({ state }: Scene, index: number) => SCENES.findIndex((other) => other.state === state) === index;
      // In dark mode, one scene of each state is enough for our own page: the words are the same as in light mode.
      const scenes = colorScheme === 'light' || brandPage ? SCENES : SCENES.filter(isFirst);
      const wanted = scenes.filter(({ name }) => name.startsWith(ONLY));
      const page = await open(browser, viewport, colorScheme);
      const folder = join(FOLDER, `${viewport}-${colorScheme}`);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      for (const scene of wanted) {
        await test.step(scene.name, async () => {
          await picture(page, scene, folder);
          await leave(page);
        });
      }
      await page.context().close();
    });
  }
}

test('takes screenshots of a brand’s own page, with its styles, language and strings', async ({ browser }, {
  outputDir: folder,
}) => {
  const ours = brandPage;
  brandPage = join(folder, 'my.html');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'marke für uns.css'),
    'face-liveness { border: 1px solid rgb(91, 26, 139) } face-liveness::part(start) { display: none }',
  );
  writeFileSync(
    brandPage,
    `<!doctype html><html lang="de"><title>Konto</title><link rel="stylesheet" href="marke für uns.css">
      <main><face-liveness no-light-help><p slot="header">Bank für Prüfung</p></face-liveness></main>
      <script type="module" src="index.js"></script>`,
  );
  writeFileSync(
    join(folder, 'index.js'),
    `document.querySelector('face-liveness').strings = { failed: { network: { title: 'Bitte anrufen' } } };`,
  );
  try {
    const page = await open(browser, 'phone', 'light');
    for (const [name, title] of [
      ['idle', de.idle.title],
      ['framing-tooDark', de.guidance.tooDark],
      ['failed-ServiceUnreachable', 'Bitte anrufen'],
    ] as const) {
      for (const scene of SCENES.filter((one) => one.name === name)) await picture(page, scene, folder);
      await expect(page.getByRole('main').getByRole('heading')).toHaveText(title);
      await expect(page.getByText('Bank für Prüfung')).toBeVisible();
      await expect(page.locator('face-liveness')).toHaveCSS('border-top-color', 'rgb(91, 26, 139)');
      await leave(page);
    }
    await page.context().close();
  } finally {
    brandPage = ours;
  }
});

async function open(browser: Browser, viewport: ViewportName, colorScheme: 'light' | 'dark'): Promise<Page> {
  const { width, height, ...device } = VIEWPORTS[viewport];
  const context = await browser.newContext({ viewport: { width, height }, ...device, colorScheme });
  const page = await context.newPage();
  await page.addInitScript({ content: await actorScript({ everyNth: 2 }) });
  const missing: string[] = [];
  page.on('response', (response) => response.status() === 404 && missing.push(response.url()));
  await page.goto(origin);
  await page.addScriptTag({ type: 'module', url: '/face-liveness.js' });
  await page.waitForFunction(() => customElements.get('face-liveness'));
  await expect(page.locator('face-liveness')).toHaveCount(1);
  expect(missing, 'files of the page that are not there').toEqual([]);
  return page;
}

/** Shows the scene and takes its screenshot; the scene stays until `leave`. */
async function picture(page: Page, scene: Scene, folder: string): Promise<void> {
  await show(page, scene);
  const title = expect(page.locator('face-liveness h2'));
  // A brand's page may be in any language, and have its own words.
  await (brandPage ? title.not.toBeEmpty() : title.toHaveText(scene.title));
  if (isLit(scene)) await page.locator('face-liveness .lit, face-liveness[no-light-help]').waitFor();
  await page.screenshot({ path: join(folder, `${scene.name}.png`), animations: 'disabled' });
  expect.soft(await misfits(page), `${scene.name} fits`).toEqual([]);
}

/** Brings the page's element into the scene's state. */
async function show(page: Page, scene: Scene): Promise<void> {
  const token = tokenOf({ aud: origin });
  await page.evaluate(
    async ([{ state, script, agrees, around, canceledIn }, authToken]) => {
      const channel = new BroadcastChannel(crypto.randomUUID());
      const element = document.querySelector('face-liveness') as FaceLiveness;
      const say = (given: object) => {
        element.workerUrl = `/fake.worker.js#${new URLSearchParams({ channel: channel.name, script: JSON.stringify(given) })}`;
        channel.postMessage(given);
      };
      const reached = (wanted: string) =>
        new Promise<void>((resolve) => {
          element.addEventListener('liveness-state', (event) => event.state === wanted && resolve());
        });
      const press = (part: string) => (element.shadowRoot?.querySelector(`[part~=${part}]`) as HTMLElement).click();
      const devices = navigator.mediaDevices;
      const [camera] = await devices.enumerateDevices();
      const cameras = around === 'severalCameras' ? ['FaceTime HD Camera', 'USB Camera'] : ['FaceTime HD Camera'];
      devices.enumerateDevices = () =>
        Promise.resolve(
          cameras.map((label, index) => ({ ...(camera as MediaDeviceInfo), deviceId: `actor${index || ''}`, label })),
        );

      if (around === 'offline') Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
      if (around !== 'noToken') element.authToken = authToken;
      say(agrees ? { report: { phase: 'prompting', promptReason: 'required' } } : script);
      element.scrollIntoView({ block: 'center' });
      await element.updateComplete;
      if (state !== 'idle') {
        const arrived = reached(canceledIn ?? state);
        const asked = reached('prompting');
        element.start().catch(() => undefined);
        if (agrees) {
          await asked;
          await element.updateComplete;
          say(script);
          press('primary');
        }
        await arrived;
      }
      if (canceledIn) element.cancel();
      if (around === 'hidden') {
        Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }
      // Time for two camera pictures and what the element does with them.
      const isOver = ['idle', 'succeeded', 'failed', 'canceled'].includes(state);
      if (!isOver) await new Promise((resolve) => setTimeout(resolve, 250));
      await element.updateComplete;
    },
    [scene, token] as const,
  );
}

/** Replaces the element with a new one that has the same attributes, content and strings. */
async function leave(page: Page): Promise<void> {
  await page.evaluate(async () => {
    Reflect.deleteProperty(document, 'visibilityState');
    Reflect.deleteProperty(navigator, 'onLine');
    const shown = document.querySelector('face-liveness') as FaceLiveness;
    const next = Object.assign(shown.cloneNode(true), { strings: shown.strings });
    shown.replaceWith(next);
    await new Promise((resolve) => setTimeout(resolve));
  });
}

/** Finds what does not fit: a page that scrolls sideways, controls off screen or under 44 px, and words cut off. */
function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.querySelector('face-liveness')?.shadowRoot;
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
    for (const control of root?.querySelectorAll<HTMLElement>('button, select') ?? []) {
      if (!control.checkVisibility()) continue;
      const { left, right, top, bottom } = control.getBoundingClientRect();
      const name = control.textContent?.trim().slice(0, 30);
      if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) found.push(`outside: ${name}`);
      if (right - left < 44 || bottom - top < 44) found.push(`small: ${name}`);
      if (control.scrollWidth > control.clientWidth + 1) found.push(`cut: ${name}`);
    }
    for (const words of root?.querySelectorAll<HTMLElement>('h2, p') ?? []) {
      if (words.scrollWidth > words.clientWidth + 1) found.push(`cut: ${words.textContent}`);
    }
    return found;
  });
}
