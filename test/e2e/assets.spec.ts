/** The face model and its wasm: prefetched, cached, verified or missing; and the strictest policy they work under. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page, type Route, chromium, expect, test } from '@playwright/test';
import { ASSET_CACHE, DETECTOR_FILES } from '../../src/protocol/detector-files.js';
import type * as FaceLivenessModule from '../../src/index.js';
import { ElementPage } from './element-page.js';
import { CAMERA, fullBrowser, withFlags } from './flags.js';
import { type Fate, type Proxy, startProxy } from './proxy.js';
import { removeProfile } from './remove-profile.js';
import { type RunningServer, startServer } from './server.js';

test.use(withFlags(...CAMERA));

let server: RunningServer;
let proxy: Proxy;

test.beforeAll(async () => {
  server = await startServer();
  proxy = await startProxy(server.url);
});
test.beforeEach(() => {
  proxy.seen.length = 0;
  proxy.fate = proxy.dress = null;
});
test.afterAll(async () => {
  await proxy.close();
  await server.stop();
});

const open = (page: Page, attributes = '') =>
  ElementPage.open(page, { ...server, url: proxy.url }, `endpoint="${proxy.url}" ${attributes}`);
const fetched = () => proxy.seen.filter(({ path }) => path.includes('/liveness-assets/')).length;

/** Calls `prefetch()` in the page. @returns the progress reported, and the error's code or name if it failed */
function prefetch(page: Page, abortAfterMs?: number): Promise<{ progress: number[]; error?: string }> {
  return page.evaluate(async (milliseconds) => {
    const element = (await import('/face-liveness.js' as string)) as typeof FaceLivenessModule;
    const progress: number[] = [];
    const signal = milliseconds === undefined ? {} : { signal: AbortSignal.timeout(milliseconds) };
    try {
      await element.prefetch({ onProgress: (share) => progress.push(share), ...signal });
      return { progress };
    } catch (error) {
      return { progress, error: error instanceof element.LivenessError ? error.code : (error as Error).name };
    }
  }, abortAfterMs);
}

const cached = (page: Page) =>
  page.evaluate(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url).sort(), ASSET_CACHE);

/** Cancels a session once guidance begins, when everything is loaded. @returns the error code if it fails earlier */
async function reachesGuidance(element: ElementPage): Promise<string | undefined> {
  const { authToken } = await element.createSession();
  await element.page.evaluate(() => {
    document.addEventListener('liveness-state', ({ state }) => {
      if (state === 'framing') document.querySelector('face-liveness')?.cancel();
    });
  });
  const { error } = await element.start(authToken);
  return error?.code === 'UserCanceledSession' ? undefined : error?.code;
}

/** Requests for the file of that name meet these fates in turn; later ones are passed on. */
function fates(name: string, ...list: Fate[]): void {
  proxy.fate = (path) => (path.includes(name) ? list.shift() : null);
}

test('prefetch() fetches all files and reports progress, and later sessions fetch nothing more', async ({ page }) => {
  const element = await open(page);
  const { progress, error } = await prefetch(page);
  expect(error).toBeUndefined();
  expect(progress.length).toBeGreaterThan(3);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  expect(await cached(page)).toEqual(
    Object.values(DETECTOR_FILES)
      .map(({ name, sha256 }) => `${proxy.url}/liveness-assets/${name}?sha256=${sha256}`)
      .sort(),
  );
  expect(await prefetch(page), 'the second time').toEqual({ progress: expect.arrayContaining([1]) as number[] });
  expect(await reachesGuidance(element)).toBeUndefined();
  expect(fetched()).toBe(2);

  await page.reload();
  await page.waitForFunction(() => customElements.get('face-liveness'));
  expect(await reachesGuidance(element)).toBeUndefined();
  expect(fetched(), 'nor after the page was loaded anew').toBe(2);
  expect(element.foreignRequests(proxy.url)).toEqual([]);
});

test('preload fetches all files before start(), and a session that starts meanwhile fetches none a second time', async ({
  page,
}) => {
  const asked: Route[] = [];
  await page.route('**/liveness-assets/*', (route) => void asked.push(route));
  const element = await open(page, 'preload');
  await expect.poll(() => asked, 'nothing runs yet').toHaveLength(2);
  const reached = reachesGuidance(element);
  // The session loads its files and opens the camera side by side.
  await expect.poll(async () => (await element.held()).tracks).toEqual(['live']);
  expect(asked).toHaveLength(2);
  for (const route of asked) await route.continue();
  expect(await reached).toBeUndefined();
  await expect.poll(() => cached(page)).toHaveLength(2);
  expect(fetched()).toBe(2);
});

test('prefetch() replaces a file that is corrupt in the cache, arrived incomplete or is of another version', async ({
  page,
}) => {
  const element = await open(page);
  await prefetch(page);
  const files = await cached(page);
  await page.evaluate(
    async ([name, model = '']) => {
      const cache = await caches.open(name);
      await cache.put(model, new Response('spoilt'));
      await cache.put(`${model.split('?')[0]}?sha256=of-another-version`, new Response('old'));
    },
    [ASSET_CACHE, files.find((url) => url.includes('face_landmarker'))] as const,
  );
  await page.reload();
  await page.waitForFunction(() => customElements.get('face-liveness'));
  fates('face_landmarker', { status: 200, body: 'half of' });
  expect(await prefetch(page)).not.toHaveProperty('error');
  expect(await cached(page), 'what is no longer used is dropped when its successor comes').toEqual(files);
  expect(await reachesGuidance(element)).toBeUndefined();
  expect(fetched(), 'only one was fetched anew, and once').toBe(3);
});

for (const { code, fate, deadlines, told = 'No connection' } of [
  {
    code: 'AssetsCorrupt',
    fate: { status: 200, body: Buffer.alloc(DETECTOR_FILES.model.bytes) },
    told: 'Something went wrong',
  },
  { code: 'AssetsNotLoaded', fate: { status: 404 } },
  { code: 'AssetsTimedOut', fate: 'hang', deadlines: { assets: 3_000 }, told: 'The connection is too slow' },
] as const) {
  test(`start() fails with ${code}, the element says so, and the camera is off`, async ({ page }) => {
    fates('face_landmarker', ...Array<Fate>(9).fill(fate));
    const element = await open(page);
    // The file meets its fate only once there is a camera to turn off.
    await page.route('**/face_landmarker*', async (route) => {
      await page.waitForFunction(() => window.held.length > 0);
      await route.continue();
    });
    await element.set({ deadlines: deadlines ?? {} });
    expect(await reachesGuidance(element)).toBe(code);
    if (code !== 'AssetsTimedOut') expect((await prefetch(page)).error, 'and by prefetch()').toBe(code);
    await expect(page.getByRole('heading', { name: told })).toBeVisible();
    await expect.poll(async () => (await element.held()).tracks).toEqual(['ended']);
  });
}

test('a file that fails once is fetched again, and the other file is not', async ({ page }) => {
  fates('face_landmarker', { status: 503 });
  expect(await reachesGuidance(await open(page))).toBeUndefined();
  const times = (name: string) => proxy.seen.filter(({ path }) => path.includes(name)).length;
  expect([times('face_landmarker'), times('vision_wasm')]).toEqual([1, 1]);
});

test('the worker file is requested again when its connection breaks', async ({ page }) => {
  fates('worker.js', 'break', 'break');
  const element = await open(page);
  expect(await reachesGuidance(element)).toBeUndefined();
  await expect.poll(() => element.held()).toMatchObject({ workers: 0 });
});

test('start() while offline waits, can be canceled, and goes on once the connection is back', async ({
  page,
  context,
}) => {
  const element = await open(page);
  const { authToken } = await element.createSession();
  const waiting = page.getByRole('heading', { name: 'Waiting for a connection' });
  await context.setOffline(true);
  const canceled = element.start(authToken);
  await expect(waiting).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await canceled).error?.code).toBe('UserCanceledSession');
  await expect.poll(() => element.held()).toEqual({ tracks: [], workers: 0 });

  const reached = reachesGuidance(element);
  await expect(waiting).toBeVisible();
  await context.setOffline(false);
  expect(await reached).toBeUndefined();
});

test('the element’s requests carry the page’s cookies, as a gate in front of a test system requires', async ({
  page,
}) => {
  await page.context().addCookies([{ name: 'gate', value: 'open', url: proxy.url }]);
  const refused: string[] = [];
  proxy.fate = (path, _method, { cookie, 'ocp-apim-subscription-key': key }) => {
    if (cookie?.includes('gate=open') || key) return null;
    refused.push(path);
    return { status: 401 };
  };
  const element = await open(page);
  expect(await prefetch(page)).not.toHaveProperty('error');
  expect(await reachesGuidance(element)).toBeUndefined();
  expect(refused).toEqual([]);
});

test('the server sends the face model and its wasm compressed', async () => {
  for (const { name } of Object.values(DETECTOR_FILES)) {
    for (const encoding of ['gzip', 'br']) {
      const { headers } = await fetch(`${server.url}/liveness-assets/${name}`, {
        method: 'HEAD',
        headers: { 'accept-encoding': encoding },
      });
      expect(headers.get('content-encoding'), name).toBe(encoding);
    }
  }
});

test('prefetch() rejects when its signal aborts', async ({ page }) => {
  fates('vision_wasm', 'hang');
  await open(page);
  expect((await prefetch(page, 300)).error).toBe('TimeoutError');
});

test('a session starts without Cache Storage, as in a browser that blocks cookies', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'profile-'));
  mkdirSync(join(profile, 'Default'));
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(blocked));
  const context = await chromium.launchPersistentContext(profile, fullBrowser(...CAMERA));
  try {
    const element = await open(context.pages()[0] ?? (await context.newPage()));
    await expect(cached(element.page)).rejects.toThrow('SecurityError');
    expect(await prefetch(element.page)).not.toHaveProperty('error');
    expect(await reachesGuidance(element)).toBeUndefined();
  } finally {
    await context.close();
    await removeProfile(profile);
  }
});

test('files that exceed the storage quota are used but not cached', async ({ page, context }) => {
  const element = await open(page);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: proxy.url, quotaSize: 1_000 });
  expect(await prefetch(page)).not.toHaveProperty('error');
  expect(await cached(page)).toEqual([]);
  expect(await reachesGuidance(element)).toBeUndefined();
});

test('the policies of docs/csp.md block nothing up to the first guidance', async ({ page }) => {
  const policies = [...readFileSync('docs/csp.md', 'utf8').matchAll(/```csp (page|worker)\n([^`]*)```/g)];
  const policy = (of: string) =>
    (policies.find(([, one]) => one === of)?.[2] ?? '')
      .replace(/\s*\n\s*/g, ' ')
      .replaceAll('https://service.example', proxy.url);
  expect(policy('page')).toContain("default-src 'none'");
  proxy.dress = (path, headers) => {
    if (path.endsWith('worker.js')) headers['content-security-policy'] = policy('worker');
  };
  await page.route('**/strict', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': policy('page') },
      body: `<!doctype html><html lang="en"><title>Strict</title><face-liveness preload endpoint="${proxy.url}"></face-liveness>
        <script type="module" src="/face-liveness.js"></script>`,
    }),
  );
  const element = await open(page);
  await page.addInitScript(() => {
    Object.assign(window, { refused: [] as string[] });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      (window as unknown as { refused: string[] }).refused.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  const logged: string[] = [];
  page.on('console', (message) => message.type() === 'error' && logged.push(message.text()));
  await page.goto(`${proxy.url}/strict`);
  await page.waitForFunction(() => customElements.get('face-liveness'));
  expect(await reachesGuidance(element)).toBeUndefined();
  expect(await page.evaluate(() => (window as unknown as { refused: string[] }).refused)).toEqual([]);
  expect(logged.filter((text) => /policy/i.test(text))).toEqual([]);
});

test('a page with COEP require-corp fails with WorkerNotLoaded unless the worker file has that header too', async ({
  page,
}) => {
  const isolated = { 'cross-origin-embedder-policy': 'require-corp' };
  await page.route('**/isolated', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: isolated,
      body: `<!doctype html><face-liveness endpoint="${proxy.url}"></face-liveness>
        <script type="module" src="/face-liveness.js"></script>`,
    }),
  );
  const element = await open(page);
  for (const [sent, code] of [
    [{}, 'WorkerNotLoaded'],
    [isolated, undefined],
  ] as const) {
    proxy.dress = (path, headers) => path.endsWith('worker.js') && Object.assign(headers, sent);
    await page.goto(`${proxy.url}/isolated`);
    await page.waitForFunction(() => customElements.get('face-liveness'));
    expect(await reachesGuidance(element)).toBe(code);
  }
});
