/**
 * The entry to every script: `node scripts/run.mjs scripts/start.ts`. Plain JavaScript without dependencies, because it
 * runs in a fresh clone: it checks Node, installs the packages of package-lock.json, and only then starts the
 * TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/**
 * Node versions that the tools support, as in `devEngines` in package.json: in each of these release lines this version
 * or newer, and all later lines.
 */
const SUPPORTED_NODES = [
  [20, 19],
  [22, 13],
  [24, 0],
];

/** Prints one line that says what is wrong, and exits with status 1. */
function stop(message) {
  console.error(message);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = SUPPORTED_NODES.some(([line, oldest]) => line === major && minor >= oldest);
  const latest = SUPPORTED_NODES.at(-1)[0];
  if (fits || major > latest) return;
  const names = SUPPORTED_NODES.map((version) => version.join('.')).join(', ');
  stop(`Node ${names} or newer is needed; this is ${process.versions.node}.`);
}

/** Whether npm's record of what it installed lists every package of the lock file in the same version. */
function isInstalled() {
  const packagesOf = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  const locked = packagesOf('package-lock.json');
  let installed;
  try {
    installed = packagesOf('node_modules/.package-lock.json');
  } catch {
    // The record does not exist or is incomplete.
    return false;
  }
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || !isWanted(entry) || installed?.[path]?.version === entry.version,
  );
}

/** Expects an optional package only if it is made for this machine: `node_modules` may come from another one. */
function isWanted({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return true;
  return Boolean(os?.includes(process.platform) && cpu?.includes(process.arch) && !libc);
}

function install() {
  console.log('Installing the packages in package-lock.json…');
  // The package manager that started this script; pnpm and yarn set this variable too, so its name is checked.
  const { npm_execpath: starter = '' } = process.env;
  const npm = basename(starter) === 'npm-cli.js' && starter;
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: !npm && process.platform === 'win32' };
  // NODE_ENV=production would leave out the build tools.
  const parameters = ['ci', '--include=dev', '--no-fund', '--no-audit'];
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...parameters], options)
    : spawnSync('npm', parameters, options);
  if (status !== 0)
    stop(
      'The packages could not be installed: npm ci failed, see above. Check that the registry is reachable and that node_modules is writable.',
    );
}

checkNode();
const [path = '', ...rest] = process.argv.slice(2);
const script = join(root, path);
if (!path.endsWith('.ts') || !existsSync(script)) stop(`There is no script "${path}".`);
process.chdir(root);
if (!isInstalled()) install();

process.argv.splice(1, process.argv.length, script, ...rest);
const { register } = await import('tsx/esm/api');
register();
await import(pathToFileURL(script).href);
