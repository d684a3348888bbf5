/**
 * What a browser or page lacks is reported before it asks for a camera: `checkSupport()` reports it without a prompt,
 * and `start()` fails with a specific code. Browser flags or server headers cause each lack for real.
 */
import { type Browser, type Page, chromium, expect, test } from '@playwright/test';
import type * as FaceLivenessModule from '../../src/index.js';
import type { SupportReport } from '../../src/support.js';
import { tokenOf } from '../unit/token-of.js';
import { ElementPage } from './element-page.js';
import { CAMERA, NO_CAMERA, ownBrowser, withFlags } from './flags.js';
import { type Fate, type Proxy, startProxy } from './proxy.js';
import { startAlone } from './real-browser.js';
import { type RunningServer, startServer } from './server.js';

const INSECURE_HOST = 'insecure.test';

test.use(withFlags(...CAMERA));

let server: RunningServer;
let proxy: Proxy;
const browsers: Browser[] = [];

test.beforeAll(async () => {
  server = await startServer();
  proxy = await startProxy(server.url);
});
test.afterEach(async () => {
  proxy.fate = proxy.dress = null;
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
});
test.afterAll(async () => {
  await proxy.close();
  await server.stop();
});

/** Page and service are reached through the proxy. */
const open = (page: Page, origin = proxy.url) => ElementPage.open(page, { ...server, url: origin });

/** Opens the page in a new browser with these flags. */
async function launch(flags: string[], origin?: string): Promise<{ page: Page; element: ElementPage }> {
  const browser = await chromium.launch(ownBrowser(...flags));
  browsers.push(browser);
  const page = await browser.newPage();
  return { page, element: await open(page, origin) };
}

/** Calls `checkSupport()` in the page, or in one of its frames. */
function report(page: Pick<Page, 'evaluate'>): Promise<SupportReport> {
  return page.evaluate(async () => {
    const { checkSupport } = (await import('/face-liveness.js' as string)) as typeof FaceLivenessModule;
    return checkSupport();
  });
}

const failing = ({ checks }: SupportReport) =>
  Object.fromEntries(checks.flatMap((c) => (c.ok ? [] : [[c.name, c.code]])));

/** From now on, every request for a camera fails, and `window.asked` counts them. */
function refuseCamera(page: Pick<Page, 'evaluate'>): Promise<void> {
  return page.evaluate(() => {
    window.asked = 0;
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices) devices.getUserMedia = () => Promise.reject(new Error(`Asked ${++window.asked} times`));
  });
}

/** @returns the code that `start()` fails with, and how often it asked for a camera */
async function startFails(page: Pick<Page, 'evaluate'>, origin = proxy.url): Promise<string> {
  await refuseCamera(page);
  return page.evaluate(
    async (token) => {
      const element = document.querySelector('face-liveness') as unknown as { start(token: string): Promise<unknown> };
      const error = await element.start(token).then(
        () => ({ code: 'none' }),
        (reason: unknown) => reason as { code: string },
      );
      return `${error.code}, asked ${window.asked} times`;
    },
    tokenOf({ aud: origin }),
  );
}

test('checkSupport() reports a capable browser as supported, without a prompt, and leaves nothing running', async () => {
  // Nothing answers prompts here, so a prompt would hang the test.
  const { page, element } = await launch(['--use-fake-device-for-media-stream']);
  const { supported, checks } = await report(page);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(supported).toBe(true);
  expect(checks.map(({ name }) => name)).toHaveLength(11);
  await expect.poll(() => element.held()).toEqual({ tracks: [], workers: 0 });
  expect(element.foreignRequests(proxy.url)).toEqual([]);
});

test('checkSupport() and start() report InsecureContext on a plain HTTP page', async () => {
  const origin = proxy.url.replace('127.0.0.1', INSECURE_HOST);
  const flags = [`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`, '--disable-features=LocalNetworkAccessChecks'];
  const { page } = await launch([...CAMERA, ...flags], origin);
  expect(failing(await report(page))).toMatchObject({ secureContext: 'InsecureContext' });
  expect(await startFails(page)).toBe('InsecureContext, asked 0 times');
});

test('checkSupport() and start() report BrowserNotSupported without WebAssembly, as in lockdown mode', async () => {
  const { page } = await launch([...CAMERA, '--js-flags=--jitless']);
  expect(failing(await report(page))).toMatchObject({ webAssemblySimd: 'BrowserNotSupported' });
  expect(await startFails(page)).toBe('BrowserNotSupported, asked 0 times');
});

test('checkSupport() and start() report WebGLNotSupported when GPU and software rendering are off', async () => {
  const { page, element } = await launch([...CAMERA, '--disable-gpu', '--disable-software-rasterizer']);
  expect(failing(await report(page))).toEqual({ workerWebGl2: 'WebGLNotSupported' });
  expect(await startFails(page)).toBe('WebGLNotSupported, asked 0 times');
  await expect.poll(() => element.held()).toEqual({ tracks: [], workers: 0 });
});

test('checkSupport() and start() report WasmBlockedByPolicy when the worker’s CSP forbids compiling', async ({
  page,
}) => {
  proxy.dress = (path, headers) => {
    if (path.endsWith('worker.js')) headers['content-security-policy'] = "script-src 'self'";
  };
  await open(page);
  expect(failing(await report(page))).toEqual({ workerWebAssembly: 'WasmBlockedByPolicy' });
  expect(await startFails(page)).toBe('WasmBlockedByPolicy, asked 0 times');
});

test('checkSupport() and start() report WorkerNotLoaded when the worker file is missing', async ({ page }) => {
  proxy.fate = (path) => (path.endsWith('worker.js') ? { status: 404 } : null);
  await open(page);
  expect(failing(await report(page))).toMatchObject({ worker: 'WorkerNotLoaded' });
  expect(await startFails(page)).toBe('WorkerNotLoaded, asked 0 times');
});

test('checkSupport() finds no problem in a srcdoc frame whose CSP does not allow blob: workers', async ({ page }) => {
  await open(page);
  await page.route(`${proxy.url}/around`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': "script-src 'self'; worker-src 'self'" },
      body: `<iframe srcdoc='<face-liveness></face-liveness><script type="module" src="/face-liveness.js"></script>'></iframe>`,
    }),
  );
  await page.goto(`${proxy.url}/around`);
  const frame = page.frames()[1];
  await frame?.waitForFunction(() => customElements.get('face-liveness'));
  expect(frame && failing(await report(frame))).toEqual({});
});

test('checkSupport() reports CameraNotFound when there is no camera, and asks for none', async () => {
  const { page } = await launch(NO_CAMERA);
  await refuseCamera(page);
  expect(failing(await report(page))).toEqual({ camera: 'CameraNotFound' });
  expect(await page.evaluate(() => window.asked)).toBe(0);
});

test('checkSupport() and start() report CameraBlockedByPolicy in a frame without allow="camera" and under camera=()', async ({
  page,
}) => {
  await open(page);
  const serve = (url: string, headers: Record<string, string>) =>
    page.route(url, (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers,
        body: '<face-liveness></face-liveness><script type="module" src="/face-liveness.js"></script>',
      }),
    );
  // The frame has another origin than the page around it, so `allow` must grant it the camera.
  const framed = proxy.url.replace('127.0.0.1', 'localhost');
  await serve(`${framed}/framed`, {});
  const frame = async (allow: string) => {
    await page.evaluate(
      (properties) => document.body.replaceChildren(Object.assign(document.createElement('iframe'), properties)),
      { allow, src: `${framed}/framed` },
    );
    const content = await (await page.waitForSelector('iframe')).contentFrame();
    if (!content) throw new Error('No frame');
    await content.waitForFunction(() => customElements.get('face-liveness'));
    return content;
  };
  expect(failing(await report(await frame('camera')))).toEqual({});
  const closed = await frame('');
  expect(failing(await report(closed))).toMatchObject({ permissionsPolicy: 'CameraBlockedByPolicy' });
  expect(await startFails(closed)).toBe('CameraBlockedByPolicy, asked 0 times');

  await serve(`${proxy.url}/closed`, { 'permissions-policy': 'camera=()' });
  await page.goto(`${proxy.url}/closed`);
  await page.waitForFunction(() => customElements.get('face-liveness'));
  expect(failing(await report(page))).toMatchObject({ permissionsPolicy: 'CameraBlockedByPolicy' });
  expect(await startFails(page)).toBe('CameraBlockedByPolicy, asked 0 times');
});

test('a prerendered page neither times out nor answers checkSupport() before it is activated', async () => {
  const html = (body: string): Fate => ({ status: 200, headers: { 'content-type': 'text/html' }, body });
  const rules = { prerender: [{ urls: ['/ahead'], eagerness: 'immediate' }] };
  const before = html(`<script type="speculationrules">${JSON.stringify(rules)}</script><script type="module">
    while (!(await fetch('/go')).ok) await new Promise((resolve) => setTimeout(resolve, 100));
    location.href = '/ahead';</script>`);
  // The page is activated only after a second, in which `start()` with this deadline would fail if it did not wait.
  const ahead = html(`<face-liveness></face-liveness><script type="module">
    import { checkSupport } from '/face-liveness.js';
    const tell = (what) => fetch('/told?' + what + (document.prerendering ? ' ahead' : ' there'));
    const element = document.querySelector('face-liveness');
    element.deadlines = { assets: 1 };
    element.start('${tokenOf({ aud: proxy.url })}').catch(() => tell('failed'));
    checkSupport().then(({ supported }) => tell('supported: ' + supported));
    setTimeout(() => tell('waited'), 1_000);</script>`);
  const told: string[] = [];
  proxy.fate = (path) => {
    if (path.startsWith('/told?')) return { status: told.push(decodeURIComponent(path.slice('/told?'.length))) && 204 };
    if (path === '/go') return { status: told.includes('waited ahead') ? 204 : 404 };
    return { '/before': before, '/ahead': ahead }[path];
  };
  const { close } = await startAlone(CAMERA, `${proxy.url}/before`);
  await expect
    .poll(() => [...told].sort(), { timeout: 100_000 })
    .toEqual(['failed there', 'supported: true there', 'waited ahead'])
    .finally(close);
});

declare global {
  interface Window {
    asked: number;
  }
}
