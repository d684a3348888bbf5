/**
 * Puts what the worker loads into `public/liveness-assets/`: the face model, made from npm parts, and MediaPipe's wasm
 * with its loader. Run by hand as `tsx scripts/assets.ts`; what is there and right is left alone.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FACE_LANDMARKER_SHA256, buildFaceLandmarker, sha256 } from './model/face-landmarker.js';

/** The last release that reports no usage to its maker's host. */
const TASKS_VISION_VERSION = '0.10.35';
const WASM_FILES = ['vision_wasm_module_internal.js', 'vision_wasm_module_internal.wasm'];

export const ASSETS_DIRECTORY = fileURLToPath(new URL('../public/liveness-assets/', import.meta.url));

/**
 * @returns names of the files written; empty when all were right.
 * @throws Error when an installed package is not the pinned one.
 */
export function prepareAssets(directory = ASSETS_DIRECTORY): string[] {
  const written = WASM_FILES.filter((name) => copyIfDifferent(join(wasmDirectory(), name), join(directory, name)));
  const model = join(directory, 'face_landmarker.task');
  const present = readIfThere(model);
  if (present === null || sha256(present) !== FACE_LANDMARKER_SHA256) {
    write(model, buildFaceLandmarker());
    written.push('face_landmarker.task');
  }
  return written;
}

function wasmDirectory(): string {
  const loader = createRequire(import.meta.url).resolve('@mediapipe/tasks-vision/vision_wasm_module_internal.js');
  const manifest = readFileSync(join(dirname(loader), '../package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  if (version !== TASKS_VISION_VERSION) {
    throw new Error(`@mediapipe/tasks-vision is installed as ${version}; it has to be ${TASKS_VISION_VERSION}.`);
  }
  return dirname(loader);
}

function copyIfDifferent(source: string, target: string): boolean {
  const bytes = readFileSync(source);
  if (readIfThere(target)?.equals(bytes)) return false;
  write(target, bytes);
  return true;
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** By way of a second file, so that nobody ever reads half of one. */
function write(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const written = prepareAssets();
  console.log(written.length > 0 ? `Wrote ${written.join(', ')}.` : 'The assets are up to date.');
}
