/**
 * The files that the build makes. If some are missing, the server says so when it starts, not when it first needs them.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** False if the server runs from its sources; a build may then be in progress. */
export const IS_BUILT = !import.meta.url.endsWith('.ts');
/** `dist/`, whatever directory the process was started in. */
export const DIST = fileURLToPath(new URL(IS_BUILT ? '..' : '../../dist', import.meta.url));

/**
 * An id that tells builds of one version apart. It hashes only the server's entry files, because their imports name all
 * other server files by content hash.
 *
 * @returns what `cat dist/server/*.js | sha256sum | cut -c1-12` prints; undefined if the server runs from its sources
 */
export function buildId(): string | undefined {
  if (!IS_BUILT) return undefined;
  const directory = join(DIST, 'server');
  const entries = readdirSync(directory).filter((name) => name.endsWith('.js'));
  const hash = createHash('sha256');
  for (const name of entries.sort()) hash.update(readFileSync(join(directory, name)));
  return hash.digest('hex').slice(0, 12);
}

/**
 * @param setting the environment variable that sets the directory, if there is one
 * @throws an error that names the missing files
 */
export function requireFiles(directory: string, names: readonly string[], setting?: 'DIST_DIR'): void {
  const missing = names.filter((name) => !existsSync(join(directory, name)));
  if (missing.length === 0) return;
  const where = setting ? `; ${setting} sets where dist/ is` : '';
  throw new Error(
    `${resolve(directory)} lacks ${missing.join(', ')}. \`npm run build\` creates the missing files${where}`,
  );
}
