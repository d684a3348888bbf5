/** What is in the packed package: its files, and what they name, import and weigh. No browser is needed. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { type Consumer, installPackage, type PackageJson, ROOT } from './consumer.js';

let consumer: Consumer;

test.beforeAll(() => {
  consumer = installPackage();
});

test.afterAll(() => consumer.remove());

test('every file that `exports` names is in the package', () => {
  const { exports } = JSON.parse(consumer.read('package.json')) as PackageJson;
  const named = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  // The star stands for a locale; English has no file of its own.
  const inPlace = (path: string) => existsSync(join(consumer.installed, path.replace('*', 'pt-BR')));
  expect(named.filter((path) => !inPlace(path))).toEqual([]);
});

test('`main` and `types` name the same files as the main entry of `exports`', () => {
  const { main, types, exports } = JSON.parse(consumer.read('package.json')) as PackageJson;
  expect({ types, default: main }).toEqual(exports['.']);
});

test('the custom elements manifest describes face-liveness by a class that its module exports', () => {
  const { modules } = JSON.parse(
    consumer.read((JSON.parse(consumer.read('package.json')) as PackageJson).customElements),
  ) as {
    modules: { path: string; declarations: { name: string; tagName: string; members: object[] }[] }[];
  };
  const [module] = modules;
  const [declaration] = module?.declarations ?? [];
  expect(declaration?.tagName).toBe('face-liveness');
  expect(declaration?.members.length).toBeGreaterThan(10);
  expect(consumer.read(module?.path ?? '')).toContain(`as ${declaration?.name}`);
});

test('the package has only the published folders, and no file contains a path of the build machine', () => {
  const kinds = new Set(consumer.files().map((path) => path.replace(/[^/]+$/, '').replace(/(dist\/types\/).*/, '$1')));
  const element = ['dist/element/', 'dist/element/liveness-assets/', 'dist/element/locales/'];
  expect([...kinds].sort()).toEqual(['', 'dist/', ...element, 'dist/types/', 'docs/']);
  expect(consumer.files().filter((path) => /^dist\/[^/]+$/.test(path))).toEqual(['dist/custom-elements.json']);
  const texts = consumer.files().filter((path) => /\.(js|ts|map|json|md)$/.test(path));
  expect(
    texts.filter((path) => consumer.read(path).includes(ROOT)),
    'paths of this machine',
  ).toEqual([]);
});

test('the source maps name the sources relative to themselves', () => {
  const maps = consumer.files().filter((path) => path.endsWith('.map'));
  expect(maps).toContain('dist/element/liveness.worker.js.map');
  const named = maps.flatMap((path) => {
    const { sources } = JSON.parse(consumer.read(path)) as { sources: string[] };
    return sources.map((source) => join(dirname(path), source));
  });
  const written = named.filter((path) => path.endsWith('.ts'));
  expect(written.length).toBeGreaterThan(100);
  expect(written.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the package contains every file that its README and other pages link to', () => {
  const packed = consumer.files();
  const pages = packed.filter((path) => path.endsWith('.md'));
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md']));
  for (const page of pages) {
    const links = [...consumer.read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
    const dead = links.filter(([, path = '']) => !packed.includes(join(dirname(page), path)));
    expect(dead, page).toEqual([]);
  }
});

test('licences.txt names every bundled package and model, with the full licence texts', () => {
  const licences = consumer.read('dist/element/licences.txt');
  for (const name of ['lit', 'lit-element', 'lit-html', '@lit/reactive-element']) {
    expect(licences).toMatch(new RegExp(`^${name} [\\d.]+ \\(BSD-3-Clause\\): `, 'm'));
  }
  for (const name of ['comlink', '@mediapipe/tasks-vision', '@mediapipe/face_detection', '@mediapipe/face_mesh']) {
    expect(licences).toMatch(new RegExp(`^${name} [\\d.]+ \\(Apache-2.0\\): `, 'm'));
  }
  expect(licences).toContain('Redistributions in binary form must reproduce the above copyright');
  expect(licences).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  // The licences cover every package named in the bundles' source maps.
  const bundled = ['face-liveness.js', 'liveness.worker.js'].flatMap((name) => {
    const { sources } = JSON.parse(consumer.read(`dist/element/${name}.map`)) as { sources: string[] };
    return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
  });
  expect(new Set(bundled).size).toBeGreaterThan(3);
  for (const name of bundled) expect(licences).toContain(`${name} `);
});

test('the compressed files have the sizes that docs/quick-start.md states', () => {
  const rows = [
    ...readFileSync(join(ROOT, 'docs/quick-start.md'), 'utf8').matchAll(/^\| `(\S+)` .*\| ([\d.]+) (kB|MB) +\|$/gm),
  ];
  expect(rows).toHaveLength(4);
  for (const [, pattern = '', figure, unit] of rows) {
    const name = new RegExp(`^dist/element/${pattern.replaceAll('.', '\\.').replace('*', '.*')}$`);
    const bytes = consumer
      .files()
      .filter((path) => name.test(path))
      .map((path) => gzipSync(readFileSync(join(consumer.installed, path))).length);
    const said = Number(figure) * (unit === 'MB' ? 1e6 : 1e3);
    expect(bytes, pattern).toHaveLength(1);
    expect(Math.abs((bytes[0] ?? 0) - said), `${pattern}: ${bytes[0]} bytes`).toBeLessThan(said * 0.03);
  }
});

test('the modules import only lit and comlink; the bundles import nothing and name no googleapis.com address', () => {
  const imports = (path: string) =>
    [...consumer.read(path).matchAll(/(?:from|import)\s*["']([^"']+)["']/g)].map(([, name]) => name);
  const modules = consumer
    .files()
    .filter((path) => /^dist\/element\/[^/]+\.js$/.test(path) && !/(face-liveness|worker)\.js$/.test(path));
  const bare = modules.flatMap(imports).filter((name) => !name?.startsWith('.'));
  for (const name of bare) expect(name).toMatch(/^(lit(\/.*)?|comlink)$/);
  // Bundlers find a file whose name is a literal. None finds a folder, and webpack turns an expression into a search.
  const addressed = modules.flatMap((path) =>
    [...consumer.read(path).matchAll(/new URL\(([^()]*),\s*import\.meta\.url/g)].map(([, file]) => file),
  );
  expect(addressed).toEqual(['"liveness.worker.js"']);
  for (const path of ['dist/element/face-liveness.js', 'dist/element/liveness.worker.js']) {
    expect(imports(path), `${path} stands alone`).toEqual([]);
    // `type.googleapis.com/` only prefixes the names of MediaPipe's message types.
    const named = consumer.read(path).replaceAll('type.googleapis.com/', '');
    expect(named.match(/[\w.]*googleapis\.com/g) ?? [], `${path} calls nobody`).toEqual([]);
  }
});
