/** The inputs of a part include every file it is built from: a change to any other file does not rebuild the part. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PARTS, type PartName } from '../../scripts/build.js';

const root = join(import.meta.dirname, '../..');

/** The entries and all modules that they import, directly or not; except for type imports, which no build reads. */
function modulesFrom(entries: readonly string[]): string[] {
  const found = new Set(entries);
  for (const path of found) {
    const source = readFileSync(join(root, path), 'utf8');
    for (const [, name = ''] of source.matchAll(/(?:^(?:import|export) (?!type )[^;]*?from |import\()'(\.[^'?]*)/gm)) {
      const imported = join(path, '..', name);
      const file = imported.replace(/\.js$/, '.ts');
      found.add(existsSync(join(root, file)) ? file : imported);
    }
  }
  return [...found];
}

it.each<[PartName, string[]]>([
  ['element', ['src/define.ts', 'src/index.ts', 'src/tools.ts', 'src/replay.ts']],
  ['demo', ['demo/onboarding/main.ts', 'demo/operator/main.ts']],
  ['server', ['demo/server/main.ts', 'demo/server/judge/default/thread.ts']],
])('the inputs of the %s include every module that it imports', (name, entries) => {
  const { inputs } = PARTS[name];
  const modules = modulesFrom(entries);
  expect(modules.length).toBeGreaterThan(entries.length);
  expect(modules.filter((path) => !inputs.some((input) => `${path}/`.startsWith(`${input}/`)))).toEqual([]);
});
