import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every file in a folder, at any depth, sorted; for a file, the file itself. */
export function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
