import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every file in a folder, to any depth, sorted; of a file, itself. */
export function filesOf(path: string): string[] {
  if (path.includes('.')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
