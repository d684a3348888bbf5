/** Writes `integrity.json` beside the element's files: the value of the `integrity` attribute for each of them. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesOf } from './files.js';

const NAME = 'integrity.json';

/** The file's Subresource Integrity hash: SHA-384 in base64. */
export function integrityOf(path: string): string {
  return `sha384-${createHash('sha384').update(readFileSync(path)).digest('base64')}`;
}

/** @param folder every file in it is listed, except source maps and the list itself */
export function writeIntegrity(folder: string): void {
  const files = filesOf(folder).filter((path) => basename(path) !== NAME && !path.endsWith('.map'));
  const list = files.map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), integrityOf(path)]);
  writeFileSync(join(folder, NAME), `${JSON.stringify(Object.fromEntries(list), null, 2)}\n`);
}
