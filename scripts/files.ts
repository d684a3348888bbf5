import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @returns every file in a folder, at any depth, sorted; if `path` is a file, that file */
export function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
