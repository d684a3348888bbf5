/** The package as others use it: packed, installed with nothing but its dependencies, then imported and shown. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { build as buildByEsbuild } from 'esbuild';
import { build } from 'vite';
import { TOOLS } from '../../scripts/command.js';
import { integrityOf } from '../../scripts/integrity.js';
import { DETECTOR_FILES } from '../../src/protocol/detector-files.js';
import type * as Entry from '../../src/index.js';
import { docBlock } from '../doc-block.js';
import { listen } from '../listen.js';
import { attemptOf } from '../unit/samples.js';
import { tokenOf } from '../unit/token-of.js';
import { type Consumer, installPackage, linkPackages, type PackageJson, ROOT } from './consumer.js';
import { CAMERA, fullBrowser, inFullBrowser } from './flags.js';

/** Over plain HTTP, a host that is not localhost gives a page an insecure context. */
const INSECURE_HOST = 'insecure.test';

test.use(inFullBrowser(...CAMERA, `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`));

let consumer: Consumer;
const servers: Server[] = [];

test.beforeAll(() => {
  consumer = installPackage();
});

test.afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test.afterAll(() => consumer.remove());

/** Runs a module in plain Node, within the project. @returns what it prints */
function runInNode(source: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', source], {
    cwd: consumer.folder,
    stdio: 'pipe',
  }).toString();
}

test('integrity.json lists every served file, and a browser loads the script only with its own hash', async ({
  page,
}) => {
  const served = consumer
    .files()
    .filter((path) => path.startsWith('dist/element/') && !/\.map$|integrity\.json$/.test(path));
  const list = JSON.parse(consumer.read('dist/element/integrity.json')) as Record<string, string>;
  const hashes = served
    .sort()
    .map((path) => [path.slice('dist/element/'.length), integrityOf(join(consumer.installed, path))]);
  expect(list).toEqual(Object.fromEntries(hashes));

  const origin = `http://127.0.0.1:${await serve()}`;
  await page.goto(origin);
  const load = (integrity: string) =>
    page.evaluate(
      (properties) =>
        new Promise<string>((resolve) => {
          const script = Object.assign(document.createElement('script'), { type: 'module', ...properties });
          for (const type of ['load', 'error']) script.addEventListener(type, () => resolve(type));
          document.head.append(script);
        }),
      { src: '/face-liveness.js', integrity },
    );
  expect(await load(list['liveness.worker.js'] ?? '')).toBe('error');
  expect(await load(list['face-liveness.js'] ?? '')).toBe('load');
});

test('with the import map of docs/quick-start.md, a browser loads a locale only if its hash is right', async ({
  page,
}) => {
  const list = JSON.parse(consumer.read('dist/element/integrity.json')) as Record<string, string>;
  const source = docBlock('docs/quick-start.md', 'js import-map')
    .replace('dist/element', 'node_modules/face-liveness/dist/element')
    .replace("'/face-liveness/'", "'/'");
  const map = runInNode(source);
  const wrong = map.replace(list['locales/de.js'] ?? '', list['locales/fr.js'] ?? '');
  const origin = `http://127.0.0.1:${await serve()}`;
  for (const [name, made, title] of [
    ['right', map, 'Gesichtsprüfung'],
    ['wrong', wrong, 'Face check'],
  ] as const) {
    await page.route(`${origin}/${name}`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><html lang="de">${made}<face-liveness></face-liveness>
          <script type="module" src="/face-liveness.js"></script>`,
      }),
    );
    await page.goto(`${origin}/${name}`);
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
  }
});

test('the unit test of docs/quick-start.md passes in a project that has installed the package', () => {
  linkPackages(consumer, 'vitest', '@vitest/browser-playwright');
  writeFileSync(join(consumer.folder, 'unit.test.ts'), docBlock('docs/quick-start.md', 'ts unit-test'));
  const launchOptions = fullBrowser();
  writeFileSync(
    join(consumer.folder, 'vitest.config.js'),
    `import { playwright } from '@vitest/browser-playwright';
    const provider = playwright({ launchOptions: ${JSON.stringify(launchOptions)} });
    const instances = [{ browser: 'chromium' }];
    export default {
      server: { fs: { strict: false } },
      test: { browser: { enabled: true, headless: true, screenshotFailures: false, provider, instances } },
    };`,
  );
  const said = execFileSync(process.execPath, [join(ROOT, TOOLS.vitest), 'run'], {
    cwd: consumer.folder,
    stdio: 'pipe',
  });
  expect(said.toString()).toContain('1 passed');
});

test('a bundle that does not use the element has no lit in it, and prefetch() is as small as documented', async () => {
  const madeFor = async (name: string) => {
    writeFileSync(join(consumer.folder, 'page.js'), `import { ${name} } from 'face-liveness'; console.log(${name});`);
    const made = await build({
      root: consumer.folder,
      configFile: false,
      logLevel: 'warn',
      build: { write: false, rolldownOptions: { input: join(consumer.folder, 'page.js') } },
    });
    if (!('output' in made)) throw new Error('Nothing was built');
    return made.output.filter((part) => part.type === 'chunk');
  };
  const packagesFor = async (name: string): Promise<string[]> => {
    const modules = (await madeFor(name)).flatMap(({ moduleIds }) => moduleIds);
    const owners = modules.flatMap((id) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []);
    return [...new Set(owners)].sort();
  };
  expect(await packagesFor('FaceLiveness')).toContain('lit-element');
  expect(await packagesFor('prefetch')).toEqual(['comlink', 'face-liveness']);
  expect(await packagesFor('checkSupport')).toEqual(['comlink', 'face-liveness']);
  for (const name of ['LIVENESS_ERRORS', 'LOCALES', 'LivenessError', 'VERSION']) {
    expect(await packagesFor(name), name).toEqual(['face-liveness']);
  }
  const [, said] = /brings ([\d.]+) kB of script/.exec(consumer.read('docs/quick-start.md')) ?? [];
  const bytes = (await madeFor('prefetch')).filter(({ isEntry }) => isEntry).map(({ code }) => gzipSync(code).length);
  expect(bytes).toHaveLength(1);
  expect(Math.abs((bytes[0] ?? 0) / 1e3 - Number(said)), `${bytes[0]} bytes`).toBeLessThan(Number(said) * 0.03);
});

test('every entry can be imported in Node, where there is no DOM', () => {
  const entries = Object.entries((JSON.parse(consumer.read('package.json')) as PackageJson).exports)
    .filter(([, entry]) => typeof entry !== 'string')
    .map(([name]) => name.replace('.', 'face-liveness').replace('*', 'ar'));
  expect(entries).toContain('face-liveness');
  for (const name of entries) {
    const written = runInNode(`process.stdout.write(Object.keys(await import('${name}')).join())`);
    expect(written, name).not.toBe('');
  }
});

test('a bundle without `import.meta` loads, says which addresses it needs, and works with them', async ({ page }) => {
  /** In esbuild's format for this platform, which is no ES module. */
  const bundle = async (platform: 'node' | 'browser') => {
    const contents = `import 'face-liveness/define';
      import { prefetch } from 'face-liveness';
      Object.assign(globalThis, { prefetch });`;
    const stdin = { contents, resolveDir: consumer.folder };
    const { outputFiles } = await buildByEsbuild({ stdin, bundle: true, platform, write: false, logLevel: 'error' });
    return outputFiles[0]?.text ?? '';
  };
  writeFileSync(join(consumer.folder, 'server.cjs'), await bundle('node'));
  expect(runInNode(`await import('./server.cjs'); process.stdout.write(typeof prefetch)`)).toBe('function');

  const origin = `http://127.0.0.1:${await serve()}`;
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(origin);
  await page.addScriptTag({ content: await bundle('browser') });
  const prefetched = (options: Entry.PrefetchOptions) =>
    page.evaluate((given) => {
      const { prefetch } = globalThis as unknown as Pick<typeof Entry, 'prefetch'>;
      return prefetch(given).then(() => 'done', String);
    }, options);
  const [assets, workerUrl] = ['/liveness-assets/', '/liveness.worker.js'];
  expect(await prefetched({ workerUrl })).toMatch(/AssetsNotLoaded: `assets` is needed/);
  expect(await prefetched({ assets })).toMatch(/WorkerNotLoaded: `worker-url` is needed/);
  expect(await prefetched({ assets, workerUrl })).toBe('done');
  expect(errors).toEqual([]);
});

test('only importing `define` registers the element, and a second import is harmless', () => {
  const written = runInNode(`
    const has = () => Boolean(globalThis.customElements?.get('face-liveness'));
    await import('face-liveness');
    const before = has();
    await import('face-liveness/define');
    await import(import.meta.resolve('face-liveness/define') + '?again');
    process.stdout.write(JSON.stringify([before, has()]));
  `);
  expect(JSON.parse(written)).toEqual([false, true]);
});

/** Serves the package's files, and an empty page whose `<base>` the element must ignore. @returns the port */
async function serve(headers: Record<string, string> = {}): Promise<number> {
  const page = '<!doctype html><base href="/elsewhere/"><link rel="icon" href="data:,">';
  const types: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(consumer.installed, 'dist/element', path);
    if (path === '/') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    } else if (existsSync(file)) {
      const type = types[extname(path)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, ...headers }).end(readFileSync(file));
    } else response.writeHead(404).end();
  });
  servers.push(server);
  return listen(server);
}

/** Loads the element with a script tag and starts it. @returns the error code of `start`, and the states on the way */
async function startIn(
  page: Page,
  script: string,
  token: string,
  cancelAt = '',
): Promise<{ code: string; states: string[] }> {
  await page.addScriptTag({ url: script, type: 'module' });
  return page.evaluate(
    async ([authToken, until]) => {
      const element = document.createElement('face-liveness') as HTMLElementTagNameMap['face-liveness'];
      const states: string[] = [];
      element.addEventListener('liveness-state', ({ state }) => {
        states.push(state);
        if (state === until) setTimeout(() => element.cancel(), 500);
      });
      document.body.append(element);
      const code = await element.start(authToken).then(
        () => 'none',
        (error: { code: string }) => error.code,
      );
      return { code, states };
    },
    [token, cancelAt] as const,
  );
}

test('start() on an insecure page fails with InsecureContext before it requests anything', async ({ page }) => {
  const origin = `http://${INSECURE_HOST}:${await serve()}`;
  const requested: string[] = [];
  await page.goto(origin);
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  expect(await startIn(page, `${origin}/face-liveness.js`, tokenOf({ aud: origin }))).toEqual({
    code: 'InsecureContext',
    states: ['failed'],
  });
  expect(requested).toEqual(['/face-liveness.js']);
});

test('a page on which face-liveness is another element can register FaceLiveness under its own name', async ({
  page,
}) => {
  const origin = `http://127.0.0.1:${await serve()}`;
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(origin);
  await page.evaluate(() => customElements.define('face-liveness', class Taken extends HTMLElement {}));
  const found = await page.evaluate(async (script) => {
    const { FaceLiveness } = (await import(script)) as typeof Entry;
    class OwnLiveness extends FaceLiveness {}
    customElements.define('own-liveness', OwnLiveness);
    const own = document.createElement('own-liveness') as InstanceType<typeof FaceLiveness>;
    document.body.append(own);
    await own.updateComplete;
    const code = await own.start('').catch((error: { code: string }) => error.code);
    return {
      taken: customElements.get('face-liveness')?.name,
      title: own.shadowRoot?.querySelector('h2') !== null,
      code,
    };
  }, `${origin}/face-liveness.js`);
  expect(found).toEqual({ taken: 'Taken', title: true, code: 'InvalidToken' });
  expect(errors).toEqual([]);
});

test('an element loaded from another origin, such as a CDN, takes worker, wasm and model from there and starts', async ({
  page,
}) => {
  const cdn = `http://127.0.0.1:${await serve({ 'access-control-allow-origin': '*' })}`;
  const own = `http://127.0.0.1:${await serve()}`;
  const requested = new Set<string>();
  page.on('request', (request) => requested.add(request.url()));
  await page.route('**/face/*/session/**', (route) => route.fulfill({ json: attemptOf() }));
  await page.goto(own);
  const { code, states } = await startIn(page, `${cdn}/face-liveness.js?v=1/2`, tokenOf({ aud: own }), 'framing');
  expect({ code, states }).toEqual({ code: 'UserCanceledSession', states: ['preparing', 'framing', 'canceled'] });
  const fetched = [...requested].filter((url) => !/^(blob|data):/.test(url)).map((url) => new URL(url));
  const pathsAt = (origin: string) => fetched.filter((url) => url.origin === origin).map(({ pathname }) => pathname);
  const assets = Object.values(DETECTOR_FILES).map(({ name }) => `/liveness-assets/${name}`);
  expect(pathsAt(cdn).sort()).toEqual(['/face-liveness.js', '/liveness.worker.js', ...assets].sort());
  const ofOwn = pathsAt(own).filter((path) => !path.startsWith('/face/'));
  expect(ofOwn, 'which has the same files').toEqual(['/']);
  expect(fetched.filter(({ origin }) => ![cdn, own].includes(origin))).toEqual([]);
  await expect.poll(() => page.workers().length, 'no worker is left').toBe(0);
});
