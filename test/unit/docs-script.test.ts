/** If `scripts/docs.ts` cannot make the docs, it says in one line what is missing. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { TOOLS } from '../../scripts/command.js';
import { en } from '../../src/strings/en.js';

const EN = '../../src/strings/en.js';

afterEach(() => {
  vi.doUnmock(EN);
  vi.resetModules();
});

it.each([
  ['guidance.holdStill', { ...en, guidance: { ...en.guidance, holdStill: undefined } }],
  ['failed.network', { ...en, failed: { ...en.failed, network: undefined } }],
])('names %s as missing in src/strings/en.ts', async (key, english) => {
  vi.doMock(EN, () => ({ en: english }));
  // Test files share one module cache, which may have the modules with the real words.
  vi.resetModules();
  await expect(import('../screenshots/scenes.js')).rejects.toThrow(`src/strings/en.ts lacks ${key}:`);
});

it('names a generated section that nothing generates', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'README.md'), '<!-- generated: nothing -->\n<!-- generated: end -->\n');
  const [status, said] = await new Promise<[number, string]>((end) => {
    const child = execFile(process.execPath, [resolve(TOOLS.tsx), resolve('scripts/docs.ts')], { cwd: folder });
    let said = '';
    child.stderr?.on('data', (text: string) => (said += text));
    child.once('close', (status) => end([status ?? 1, said]));
  });
  rmSync(folder, { recursive: true });
  expect(said).toBe(
    'The docs cannot be made: README.md has a place for "nothing", but there is no generated table of that name.\n',
  );
  expect(status).toBe(1);
});
