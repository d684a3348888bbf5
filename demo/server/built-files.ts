/** What the build made. That some of it is not there is said at the start, and not to whoever needs it first. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** False: run out of the sources, where the build may be under way. */
export const IS_BUILT = !import.meta.url.endsWith('.ts');
/** Wherever the process was started. */
export const DIST = fileURLToPath(new URL(IS_BUILT ? '..' : '../../dist', import.meta.url));

/**
 * @param setting that says where the directory is, if any does
 * @throws with the names of those that are not there
 */
export function requireFiles(directory: string, names: readonly string[], setting?: 'DIST_DIR'): void {
  const missing = names.filter((name) => !existsSync(join(directory, name)));
  if (missing.length === 0) return;
  const where = setting ? `; ${setting} says where dist/ is` : '';
  throw new Error(`${resolve(directory)} lacks ${missing.join(', ')}. \`npm run build\` makes what is missing${where}`);
}
