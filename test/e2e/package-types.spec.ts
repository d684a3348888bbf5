/** The package's types and the code of the docs, compiled in a project that has installed the package. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { TOOLS } from '../../scripts/command.js';
import { docBlock } from '../doc-block.js';
import { type Consumer, installPackage, linkPackages, ROOT } from './consumer.js';

let consumer: Consumer;
test.beforeAll(() => {
  consumer = installPackage();
});
test.afterAll(() => consumer.remove());

test('the package’s types accept correct code and reject unknown fields, policies and strings', () => {
  writeFileSync(
    join(consumer.folder, 'page.ts'),
    `import { FaceLiveness, LivenessError, type GuidanceCode, type LivenessResult, type StateName } from 'face-liveness';
    import 'face-liveness/define';
    import welsh from 'face-liveness/locales/cy';
    const element: FaceLiveness | null = document.querySelector('face-liveness');
    if (element) {
      const result: Promise<LivenessResult> = element.start('token');
      void result.then(({ digest, resultId }) => digest.length + resultId.length);
      element.policy = { hold: { ms: 1200 }, turn: { aspect: { min: 0.8 } }, yaw: 10 };
      element.strings = { guidance: { noFace: 'Hello?' } };
      element.addEventListener('liveness-guidance', ({ guidance }) => { const code: GuidanceCode = guidance.code; void code; });
      element.strings = welsh;
      element.addEventListener('liveness-error', ({ error }) => { const known: LivenessError = error; void known.retryable; });
      element.addEventListener('liveness-complete', ({ result }) => { const digest: string = result.digest; void digest; });
      element.addEventListener('liveness-state', ({ state }) => { const name: StateName = state; void name; });
      document.addEventListener('liveness-progress', ({ phase, progress }) => { const share: number = progress; void [phase, share]; });
      // @ts-expect-error this event has no such field
      element.addEventListener('liveness-cancel', ({ result }) => { void result; });
      // @ts-expect-error no such policy
      element.policy = { holdMs: 1 };
      // @ts-expect-error no such policy, at any depth
      element.policy = { turn: { aspect: { least: 0.8 } } };
      // @ts-expect-error no such sentence
      element.strings = { guidance: { noFaces: 'Hello?' } };
      // @ts-expect-error a token is a string
      void element.start(7);
    }
    class Own extends FaceLiveness {}
    customElements.define('own-liveness', Own);\n`,
  );
  expect(compile('page.ts')).toBe('');
  expect(compile('page.ts', { lib: ['ES2020', 'DOM', 'DOM.Iterable'] }), 'older libraries').toBe('');
});

test('the functions of docs/back-end.md are typed, and wrong arguments do not compile', () => {
  const source = docBlock('docs/back-end.md', 'js back-end');
  writeFileSync(join(consumer.folder, 'back-end.js'), source);
  writeFileSync(
    join(consumer.folder, 'route.ts'),
    `import { createSession, readVerdict } from './back-end.js';
    export const made: Promise<{ authToken: string }> = createSession('a-device');
    export const withVerify = createSession('a-device', new Blob());
    export const verdict = readVerdict('id', { resultId: '', digest: '' }).then((said) => said === 'live');
    // @ts-expect-error a picture is a Blob, not an address
    void createSession('a-device', 'picture.jpg');
    // @ts-expect-error the digest is required
    void readVerdict('id', { resultId: '' });\n`,
  );
  expect(compile('route.ts', { allowJs: true })).toBe('');
});

test('the test examples of docs/quick-start.md compile against the package’s types', () => {
  linkPackages(consumer, 'vitest', '@playwright/test', '@types/node');
  const files = ['unit-test', 'fake-service'].map((name) => {
    writeFileSync(join(consumer.folder, `${name}.ts`), docBlock('docs/quick-start.md', `ts ${name}`));
    return `import './${name}';\n`;
  });
  writeFileSync(join(consumer.folder, 'tests.ts'), files.join(''));
  expect(compile('tests.ts', { types: ['node'] })).toBe('');
});

test('the React component of docs/frameworks.md compiles, and unknown properties do not', () => {
  const source = docBlock('docs/frameworks.md', 'tsx react');
  expect(source).toContain('<face-liveness');
  writeFileSync(join(consumer.folder, 'FaceCheck.tsx'), source);
  linkPackages(consumer, 'react', '@types/react');
  writeFileSync(
    join(consumer.folder, 'Page.tsx'),
    `import { FaceCheck } from './FaceCheck';
    export const page = <FaceCheck token="token" onResult={({ digest }) => digest} onFailure={({ code }) => code} />;
    export const own = <face-liveness preload autostart speak authToken="token" lang="cy" className="card"
      cameraRotation={90} policy={{ hold: { ms: 1200 } }} strings={{ guidance: { noFace: 'Hello?' } }} />;
    // @ts-expect-error no such policy
    export const policy = <face-liveness policy={{ holdMs: 1 }} />;
    // @ts-expect-error no such property
    export const property = <face-liveness preloaded />;\n`,
  );
  // As in Vite's template.
  const options = { jsx: 'react-jsx', noUnusedLocals: true, noUnusedParameters: true };
  expect(compile('Page.tsx', options)).toBe('');
});

/** @returns the compiler's output for a file of the consumer; empty if it compiles */
function compile(file: string, more: Record<string, unknown> = {}): string {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    types: [],
    ...more,
  };
  writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  try {
    execFileSync(process.execPath, [join(ROOT, TOOLS.tsc), '-p', consumer.folder], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stdout: Buffer }).stdout);
  }
}
