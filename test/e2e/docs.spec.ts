/**
 * The pages, components and back end that README and docs show, copied verbatim and put together as a reader would. The
 * first attempt of each visitor fails; they try again with the element's own button.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, type Page } from '@playwright/test';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';
import webpack from 'webpack';
import type { LivenessStateEvent } from '../../src/events.js';
import { docBlock } from '../doc-block.js';
import { listen } from '../listen.js';
import { buildFixtures } from '../fixtures/build.js';
import { FACE_CAMERA, withFlags } from './flags.js';
import { type RunningServer, startServer } from './server.js';

interface BackEnd {
  createSession(deviceId: string): Promise<{ sessionId: string; authToken: string }>;
  readVerdict(sessionId: string, reported: object): Promise<string>;
}

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

test.use(withFlags(...FACE_CAMERA));

let site: Server;
let origin: string;
/** The site under another host name: the same server, but another origin to the browser. */
let elsewhere: string;
let service: RunningServer;
let folder: string;
let page: string;
/** Response headers of the page. */
let headers: Record<string, string>;
/** Pages shown in frames: the one with the element, and another one of the same origin. */
let framed = '';
let stranger = '';
let backEnd: BackEnd;
/** The current visitor's session, and the back end's verdict on each result that was reported. */
let sessionId = '';
let verdicts: string[];
/** While this is true, the face model gets 404 and attempts fail. */
let modelIsMissing = false;
/** A bundler's output by path. */
const built = new Map<string, string | Uint8Array>();

test.beforeAll(async () => {
  await buildFixtures();
  site = createServer((request, response) => {
    if (modelIsMissing && request.url?.endsWith('.task')) return void response.writeHead(404).end();
    answer(request).then(
      ([type, body, more]) => response.writeHead(200, { 'content-type': type, ...more }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  origin = `http://127.0.0.1:${await listen(site)}`;
  elsewhere = origin.replace('127.0.0.1', 'localhost');
  service = await startServer({ environment: { LIVENESS_ALLOWED_ORIGINS: `${origin},${elsewhere}` } });
  folder = mkdtempSync(join(tmpdir(), 'docs-'));
  writeFileSync(join(folder, 'back-end.mjs'), docBlock('docs/back-end.md', 'js back-end'));
  Object.assign(process.env, { LIVENESS_URL: service.url, LIVENESS_API_KEY: service.apiKey });
  backEnd = (await import(pathToFileURL(join(folder, 'back-end.mjs')).href)) as BackEnd;
});

test.beforeEach(() => {
  headers = {};
  verdicts = [];
});

test.afterAll(async () => {
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
  await service.stop();
  rmSync(folder, { recursive: true });
});

type Answer = [type: string, body: string | Buffer, headers?: Record<string, string>];

async function answer(request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/') return ['text/html', page, headers];
  if (pathname === '/check') return ['text/html', framed];
  if (pathname === '/stranger') return ['text/html', stranger];
  if (pathname === '/my-back-end/session') {
    const session = await backEnd.createSession('a-device');
    ({ sessionId } = session);
    return ['application/json', JSON.stringify({ authToken: session.authToken })];
  }
  if (pathname === '/my-back-end/result') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    verdicts.push(await backEnd.readVerdict(sessionId, JSON.parse(Buffer.concat(chunks).toString()) as object));
    return ['application/json', '{}'];
  }
  const made = built.get(pathname.slice(1));
  if (made !== undefined) return ['text/javascript', Buffer.from(made)];
  const [, place, path = pathname] = /^\/(face-liveness|static|cdn)(\/.*)/.exec(pathname) ?? [];
  const cors: Record<string, string> = place === 'cdn' ? { 'access-control-allow-origin': '*' } : {};
  return [TYPES[extname(path)] ?? 'application/octet-stream', readFileSync(join('dist/element', path)), cors];
}

function pageOf(body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Onboarding</title><link rel="icon" href="data:,">${body}`;
}

/** Runs a whole session on this page: a failed attempt, another try, and exactly one verdict from the back end. */
async function expectVerdict(tab: Page, body: string): Promise<void> {
  page = pageOf(body);
  modelIsMissing = true;
  const errors: string[] = [];
  tab.on('pageerror', ({ message }) => errors.push(message));
  await tab.goto(origin);
  const tryAgain = tab.getByRole('button', { name: 'Try again' });
  await expect(tryAgain).toBeVisible();
  modelIsMissing = false;
  await tryAgain.click();
  await expect(tab.getByRole('heading', { name: 'All done' })).toBeVisible({ timeout: 45_000 });
  // The service has no judge here, so it decides nothing; the reported digest matches what it received.
  await expect.poll(() => verdicts).toEqual(['undecided']);
  expect(errors).toEqual([]);
}

for (const path of ['README.md', 'docs/quick-start.md']) {
  test(`${path}: the page completes a session on the second try, and the back end reads a verdict`, async ({
    page: tab,
  }) => {
    await expectVerdict(tab, docBlock(path, 'html'));
  });
}

/** How each framework shows the component; `PAGE` is the rest of the page, the same for both. */
const MAIN = {
  react: `
    import { StrictMode, createElement } from 'react';
    import { flushSync } from 'react-dom';
    import { createRoot } from 'react-dom/client';
    import { FaceCheck } from './FaceCheck.tsx';
    // Renders twice, as pages do: only the second render's functions must be called.
    const show = (given) => {
      const root = createRoot(app);
      for (const functions of [{ onResult: console.error, onFailure: console.error }, {}]) {
        const check = createElement(FaceCheck, { ...given, ...functions });
        flushSync(() => root.render(createElement(StrictMode, null, check)));
      }
    };`,
  vue: `
    import { createApp } from 'vue';
    import FaceCheck from './FaceCheck.vue';
    const show = (given) => createApp(FaceCheck, given).mount(app);`,
};
const PAGE = `
    const app = document.querySelector('#app');
    const post = (path, body) => fetch('/my-back-end/' + path, { method: 'POST', body: JSON.stringify(body) });
    const { authToken } = await (await post('session')).json();
    show({ token: authToken, onResult: (result) => post('result', result), onFailure: ({ code }) => noted.push(code) });`;

declare global {
  interface Window {
    noted: string[];
    posted: string[];
  }
}

/** Runs in the page: notes each state of the element and each request for a camera. */
function noteOpening(): void {
  window.noted = [];
  addEventListener('liveness-state', (event) => window.noted.push((event as LivenessStateEvent).state));
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = (wanted) => {
    window.noted.push('camera');
    return open(wanted);
  };
}

for (const [framework, language, file, mode, before] of [
  // StrictMode runs an effect twice only in development.
  ['react', 'tsx react', 'FaceCheck.tsx', 'development', ['preparing', 'canceled', 'preparing']],
  ['vue', 'vue', 'FaceCheck.vue', 'production', ['preparing']],
] as const) {
  test(`docs/frameworks.md: the ${framework} component, built by Vite, completes a session on the second try`, async ({
    page: tab,
  }) => {
    writeFileSync(join(folder, file), docBlock('docs/frameworks.md', language));
    writeFileSync(join(folder, `${framework}.js`), MAIN[framework] + PAGE);
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    const output = await build({
      root: folder,
      configFile: false,
      logLevel: 'warn',
      define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
      plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'face-liveness' } } })],
      resolve: { alias: { 'face-liveness/define': join(process.cwd(), 'dist/element/define.js') } },
      build: {
        write: false,
        target: 'es2022',
        rolldownOptions: {
          input: join(folder, `${framework}.js`),
          output: { entryFileNames: 'app.js' },
          // Ignores the warning about 'use client', which has no meaning here.
          onLog: (level, log, handle) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && handle(level, log),
        },
      },
    });
    rmSync(join(folder, 'node_modules'));
    if (!('output' in output)) throw new Error('Nothing was built');
    built.clear();
    for (const made of output.output) built.set(made.fileName, made.type === 'chunk' ? made.code : made.source);
    await tab.addInitScript(noteOpening);
    const starts: string[] = [];
    tab.on('request', (request) => request.url().endsWith('/session/start') && starts.push(request.url()));
    await expectVerdict(tab, '<div id="app"></div><script type="module" src="/app.js"></script>');
    const noted = await tab.evaluate(() => window.noted);
    expect(noted.slice(0, before.length)).toEqual(before);
    expect(noted.filter((told) => told === 'AssetsNotLoaded')).toHaveLength(1);
    const cameras = (part: string[]) => part.filter((told) => told === 'camera').length;
    const end = noted.indexOf('failed');
    expect(cameras(noted.slice(0, end)), 'one that fails may come to it').toBeLessThanOrEqual(1);
    expect(cameras(noted.slice(end))).toBe(1);
    expect(starts).toHaveLength(1);
  });
}

test('docs/quick-start.md: the page, built by webpack, completes a session on the second try', async ({
  page: tab,
}) => {
  writeFileSync(join(folder, 'page.js'), docBlock('docs/quick-start.md', 'js'));
  const compiler = webpack({
    mode: 'production',
    context: folder,
    entry: './page.js',
    output: { path: join(folder, 'webpack'), filename: 'app.js' },
    resolve: { alias: { 'face-liveness/define$': join(process.cwd(), 'dist/element/define.js') } },
    performance: false,
    optimization: { minimize: false },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  expect(stats?.toJson({ all: false, errors: true, warnings: true })).toMatchObject({ errors: [], warnings: [] });
  built.clear();
  for (const name of readdirSync(join(folder, 'webpack'))) {
    built.set(name, readFileSync(join(folder, 'webpack', name)));
  }
  const shown = docBlock('docs/quick-start.md', 'html')
    .replace('/face-liveness/face-liveness.js', '/app.js')
    .replace('<face-liveness', '<face-liveness assets="/static/liveness-assets/"');
  await expectVerdict(tab, shown);
});

test('docs/csp.md: the policy for another origin blocks nothing in a whole session', async ({ page: tab }) => {
  const policy = docBlock('docs/csp.md', 'csp cdn').replace(/\s+/g, ' ');
  expect(policy).toContain("default-src 'none'");
  headers = {
    'content-security-policy': policy
      .replaceAll('https://cdn.example', elsewhere)
      .replaceAll('https://service.example', service.url),
  };
  // In German, because the file with its words is fetched from the other origin as well.
  page = `<!doctype html><html lang="de"><title>Konto</title><face-liveness></face-liveness>
    <script type="module" src="${elsewhere}/cdn/face-liveness.js"></script>`;
  const refused: string[] = [];
  tab.on('console', (message) => /policy/i.test(message.text()) && refused.push(message.text()));
  await tab.goto(origin);
  const session = await backEnd.createSession('a-device');
  const result = await tab.evaluate(async (token) => {
    await customElements.whenDefined('face-liveness');
    return document.querySelector('face-liveness')?.start(token);
  }, session.authToken);
  expect(await backEnd.readVerdict(session.sessionId, result ?? {})).toBe('undecided');
  await expect(tab.getByRole('heading', { name: 'Fertig' })).toBeVisible();
  expect(refused).toEqual([]);
});

test('docs/theming.md: the page’s own start button replaces the element’s and hides once the session runs', async ({
  page: tab,
}) => {
  page = pageOf(`${docBlock('docs/theming.md', 'html own-start')}
    <script type="module" src="/face-liveness/face-liveness.js"></script>`);
  await tab.goto(origin);
  const { authToken } = await backEnd.createSession('a-device');
  await tab.locator('face-liveness').evaluate((element, token) => element.setAttribute('auth-token', token), authToken);
  await expect(tab.locator('face-liveness [part~=start]')).toBeAttached();
  await expect(tab.getByRole('button')).toHaveText(['Let’s go']);
  await tab.getByRole('button').click();
  await expect(tab.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await expect(tab.getByRole('button', { name: 'Let’s go' })).toBeHidden();
});

test('docs/quick-start.md: a session with fakeService() completes, with only the documented warnings', async ({
  page: tab,
}) => {
  writeFileSync(join(folder, 'fake-service.mts'), docBlock('docs/quick-start.md', 'ts fake-service'));
  const { fakeService } = (await import(pathToFileURL(join(folder, 'fake-service.mts')).href)) as {
    fakeService(page: Page): Promise<string>;
  };
  page = pageOf(`<face-liveness></face-liveness>
    <script type="module" src="/face-liveness/face-liveness.js"></script>`);
  const warnings: string[] = [];
  tab.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  const [, harmless = ''] =
    /^\| three warnings in the console.*?\|(.*)/m.exec(readFileSync('docs/troubleshooting.md', 'utf8')) ?? [];
  const known = [...harmless.matchAll(/`(.+?)`/g)].map(([, text = '']) => text);
  const authToken = await fakeService(tab);
  await tab.goto(origin);
  const result = await tab.evaluate(async (token) => {
    await customElements.whenDefined('face-liveness');
    return document.querySelector('face-liveness')?.start(token);
  }, authToken);
  expect(result).toMatchObject({
    sessionId: 'a-session',
    attemptId: 1,
    digest: expect.stringMatching(/^[0-9A-F]{64}$/),
  });
  expect(known).toHaveLength(2);
  expect(warnings.filter((warning) => !known.some((text) => warning.includes(text)))).toEqual([]);
});

test('docs/iframes.md: the page takes the result from its cross-origin frame and ignores other messages', async ({
  page: tab,
}) => {
  const ofTheTest = (text: string) =>
    text.replaceAll('https://page.example', origin).replaceAll('https://frame.example', elsewhere);
  page = pageOf(`${ofTheTest(docBlock('docs/iframes.md', 'html'))}<script>
    window.noted = [];
    window.posted = [];
    const report = (result) => {
      window.noted.push(result.type);
      fetch('/my-back-end/result', { method: 'POST', body: JSON.stringify(result) });
    };
    ${ofTheTest(docBlock('docs/iframes.md', 'js around'))}
    addEventListener('message', ({ data }) => window.posted.push(data.type));
    </script><iframe src="${elsewhere}/stranger"></iframe>`);
  const post = (type: string) => `parent.postMessage({ type: '${type}', resultId: '', digest: '' }, '${origin}')`;
  stranger = pageOf(`<script>${post('liveness-complete')}</script>`);
  framed = pageOf(`<face-liveness></face-liveness>
    <script type="module" src="/face-liveness/face-liveness.js"></script>
    <script type="module">
      const element = document.querySelector('face-liveness');
      ${ofTheTest(docBlock('docs/iframes.md', 'js frame'))}
      ${post('of-another-script')};
      element.start((await (await fetch('/my-back-end/session', { method: 'POST' })).json()).authToken);
    </script>`);
  await tab.goto(origin);
  await expect.poll(() => verdicts, { timeout: 45_000 }).toEqual(['undecided']);
  const messages = ['liveness-complete', 'liveness-complete', 'of-another-script'];
  await expect.poll(async () => (await tab.evaluate(() => window.posted)).sort()).toEqual(messages);
  expect(await tab.evaluate(() => window.noted)).toEqual(['liveness-complete']);
});

test('docs/from-azure.md: a session completes under the old tag name azure-ai-vision-face-ui', async ({
  page: tab,
}) => {
  page = pageOf(`<script type="importmap">{ "imports": { "face-liveness": "/face-liveness/face-liveness.js" } }</script>
    <script type="module">
      ${docBlock('docs/from-azure.md', 'js azure')}
      const { authToken } = await (await fetch('/my-back-end/session', { method: 'POST' })).json();
      const element = document.createElement('azure-ai-vision-face-ui');
      document.body.append(element);
      const { resultId, digest } = await element.start(authToken);
      await fetch('/my-back-end/result', { method: 'POST', body: JSON.stringify({ resultId, digest }) });
    </script>`);
  await tab.goto(origin);
  await expect.poll(() => verdicts, { timeout: 45_000 }).toEqual(['undecided']);
});

test('docs/kiosks.md: the first page returns after a session ends, but not while someone tries again', async ({
  page: tab,
}) => {
  await tab.clock.install();
  await tab.addInitScript(noteOpening);
  page = pageOf(docBlock('docs/kiosks.md', 'html kiosk'));
  await tab.goto(origin);
  const button = (name: string) => tab.getByRole('button', { name });
  const reached = (state: string) =>
    expect.poll(() => tab.evaluate(() => window.noted.at(-1)), { timeout: 45_000 }).toBe(state);
  await button('Begin').click();
  await reached('succeeded');
  await expect(button('Begin')).toBeHidden();
  await tab.clock.fastForward(8_000);
  await expect(tab.locator('face-liveness')).toBeHidden();

  await button('Begin').click();
  await button('Cancel').click();
  await button('Try again').click();
  await tab.clock.fastForward(8_000);
  await expect(button('Begin')).toBeHidden();
  await reached('succeeded');
  await tab.clock.fastForward(8_000);
  await expect(button('Begin')).toBeVisible();
});
