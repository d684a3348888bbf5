/** A project that has the packed package installed, and nothing else but its dependencies. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The fields of the package's `package.json` that the tests read. */
export interface PackageJson {
  main: string;
  types: string;
  exports: Record<string, string | { types: string; default: string }>;
  customElements: string;
}

export interface Consumer {
  folder: string;
  /** Folder of the package within the project. */
  installed: string;
  /** @returns the paths of all files of the package */
  files(): string[];
  /** @returns the text of a file of the package */
  read(path: string): string;
  remove(): void;
}

export function installPackage(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  const installed = join(folder, 'node_modules/face-liveness');
  mkdirSync(installed, { recursive: true });
  // `npm pack` builds what changed.
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, stdio: 'pipe' });
  const packed = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['-xzf', join(folder, packed), '--strip-components=1', '-C', installed]);
  const consumer: Consumer = {
    folder,
    installed,
    files: () =>
      readdirSync(installed, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1)),
    read: (path) => readFileSync(join(installed, path), 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  linkPackages(consumer, 'lit', 'comlink');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return consumer;
}

/** Links further packages from this repository's `node_modules` into the project. */
export function linkPackages({ folder }: Consumer, ...names: string[]): void {
  for (const name of names) {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) symlinkSync(join(ROOT, 'node_modules', name), path);
  }
}
