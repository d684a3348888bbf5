/**
 * Four builds, one per mode:
 *   bundle  dist/element/face-liveness.js   registers the tag, contains its imports; worker and assets are beside it
 *   lib     dist/element/{index,tools,define,replay}.js  for bundlers: lit and comlink remain imports
 *   demo    dist/demo/                      the onboarding page and the operator page
 *   server  dist/server/main.js             the session service with the demo's back end
 */
import { resolve } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { LOADED_AT_RUN_TIME } from './scripts/server-package.js';

const root = import.meta.dirname;
const ELEMENT = 'dist/element';

/** Makes the worker one self-contained file with a stable name, which can be copied, served and named in a CSP. */
const worker: UserConfig['worker'] = {
  format: 'es',
  plugins: () => [
    {
      // The worker passes the wasm to MediaPipe's loader. The loader's own `import.meta.url` would make bundlers look
      // for a file that does not exist.
      name: 'loader-without-addresses',
      transform: (code, id) =>
        id.includes('vision_wasm_module_internal.js') ? code.replaceAll('import.meta.url', 'self.location.href') : null,
    },
  ],
  // Vite writes the file. Without `dir`, its source map would name the sources relative to `dist`.
  rolldownOptions: { output: { codeSplitting: false, dir: ELEMENT, entryFileNames: 'liveness.worker.js' } },
};

/**
 * Takes comments and indentation out of Lit's `css` templates: to a minifier they are strings, which it leaves as they
 * are. Line breaks stay, so that the source maps stay right.
 */
const compactStyles: Plugin = {
  name: 'compact-styles',
  transform: {
    filter: { id: /\.styles\.ts$/ },
    handler: (code) => ({
      code: code.replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/.+/g, '')).replace(/^ +/gm, ''),
      map: null,
    }),
  },
};

/**
 * Keeps class names, which stack traces and test runners show. Whitespace goes only where no other bundler follows:
 * without it, the annotations are lost by which bundlers drop what a page does not use.
 */
const minified = (bundled: boolean) => ({
  compress: true,
  mangle: { keepNames: { class: true, function: false } },
  codegen: bundled,
});

/**
 * Keeps the worker's address relative to the module that starts it, wherever an integrator puts the files. In a bundle
 * without `import.meta.url` the address is empty: the expression of `base: './'` would throw, and the page's script with
 * it.
 */
const renderBuiltUrl = (file: string) => {
  const address = `new URL(${JSON.stringify(file)}, import.meta.url).href`;
  return { runtime: `/* @__PURE__ */ (() => { try { return ${address} } catch { return '' } })()` };
};

function element(entry: Record<string, string>, bundled: boolean): UserConfig {
  return {
    experimental: { renderBuiltUrl },
    publicDir: bundled ? 'public' : false,
    plugins: [compactStyles],
    worker,
    build: {
      outDir: ELEMENT,
      emptyOutDir: bundled,
      target: 'es2022',
      sourcemap: true,
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        external: bundled ? [] : [/^lit(\/|$)/, 'comlink'],
        output: { entryFileNames: '[name].js', chunkFileNames, minify: minified(bundled) },
      },
    },
  };
}

/**
 * A locale imports nothing, so both builds write the same words to the same file. Other chunks stay beside the entries,
 * because the addresses of worker and locales are relative to them.
 */
function chunkFileNames({ facadeModuleId }: { facadeModuleId: string | null }): string {
  return facadeModuleId?.includes('/strings/locales/') ? 'locales/[name].js' : 'chunk-[name].js';
}

const builds: Record<string, () => UserConfig> = {
  bundle: () => element({ 'face-liveness': resolve(root, 'src/define.ts') }, true),
  lib: () =>
    element(
      Object.fromEntries(['index', 'tools', 'define', 'replay'].map((name) => [name, resolve(root, `src/${name}.ts`)])),
      false,
    ),
  demo: () => ({
    root: resolve(root, 'demo'),
    // Relative, because a service under a path prefix serves its pages there too.
    base: './',
    // Holds the recorded clip, which `scripts/build.ts` copies from an npm package.
    publicDir: resolve(root, '.cache/demo-public'),
    build: {
      outDir: resolve(root, 'dist/demo'),
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { index: resolve(root, 'demo/index.html'), operator: resolve(root, 'demo/operator.html') },
      },
    },
  }),
  server: () => ({
    publicDir: false,
    // Bundles the dependencies, because loading many small files takes most of the service's start. Native code and
    // packages that look for their own files stay external.
    ssr: {
      noExternal: true,
      external: LOADED_AT_RUN_TIME,
    },
    build: {
      outDir: 'dist/server',
      emptyOutDir: true,
      target: 'node20',
      ssr: true,
      sourcemap: true,
      rolldownOptions: {
        input: {
          main: resolve(root, 'demo/server/main.ts'),
          // An entry of its own, because it is started by its path as a worker thread.
          'judge-thread': resolve(root, 'demo/server/judge/default/thread.ts'),
        },
      },
    },
  }),
};

export default defineConfig(({ mode }) => builds[mode]?.() ?? {});
