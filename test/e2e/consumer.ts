/** A project that depends on the package: packed, and unpacked beside nothing but its dependencies. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Consumer {
  folder: string;
  /** Where the package lies in it. */
  installed: string;
  remove(): void;
}

export function installPackage(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  const installed = join(folder, 'node_modules/face-liveness');
  mkdirSync(installed, { recursive: true });
  // Builds what changed.
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, stdio: 'pipe' });
  const packed = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['-xzf', join(folder, packed), '--strip-components=1', '-C', installed]);
  for (const dependency of ['lit', 'comlink']) {
    symlinkSync(join(ROOT, 'node_modules', dependency), join(folder, 'node_modules', dependency));
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return { folder, installed, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
