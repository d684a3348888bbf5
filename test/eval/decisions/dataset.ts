/**
 * Reads and writes presentations as directories, the format for one's own recordings: each has a `manifest.json`, the
 * frames that it names, and optional files. `docs/decisions.md` describes the format.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { captureManifest } from '../../../demo/server/service/schemas/client.js';
import { ACTIVE_MOTIONS } from '../../../src/protocol/wire.js';
import type { Captured } from './material/capture.js';
import type { Presentation } from './presentation.js';

const MANIFEST = 'manifest.json';
const VERIFY_IMAGE = /^verify\.(jpe?g|png|webp|bmp)$/i;
const EARLIER = 'earlier';

const manifestFile = captureManifest.extend({
  challenge: z.array(z.enum(ACTIVE_MOTIONS)),
  elapsedInMs: z.number().optional(),
  person: z.string().optional(),
});

/** @returns the subdirectories that hold a presentation, sorted by name @throws if `directory` does not exist */
export function presentationsIn(directory: string): string[] {
  return subdirectories(directory).filter((candidate) => existsSync(join(candidate, MANIFEST)));
}

/** @returns by species, the directories of its presentations @throws if one lies directly in `directory` */
export function speciesIn(directory: string): Map<string, string[]> {
  const species = subdirectories(directory).map((path) => [path, presentationsIn(path)] as const);
  const loose = presentationsIn(directory);
  if (loose.length > 0) throw new Error(`${loose[0]}: attacks belong in a directory named for their species`);
  return new Map(species.map(([path, presentations]) => [basename(path), presentations]));
}

/** @throws Error if a file is missing or the manifest is not valid */
export function readPresentation(directory: string): Presentation {
  const { captured, elapsedInMs, person } = readCaptured(directory);
  const verify = readdirSync(directory).find((name) => VERIFY_IMAGE.test(name));
  return {
    captured,
    earlier: earlierOf(directory).map((path) => readCaptured(path).captured),
    ...(elapsedInMs === undefined ? {} : { elapsedInMs }),
    ...(person === undefined ? {} : { person }),
    ...(verify === undefined ? {} : { verifyImage: new Uint8Array(readFileSync(join(directory, verify))) }),
  };
}

export function writePresentation(directory: string, presentation: Presentation): void {
  const { captured, earlier, verifyImage, elapsedInMs, person } = presentation;
  writeCaptured(directory, captured, { elapsedInMs, person });
  // The name may be wrong: readers tell the format from the bytes.
  if (verifyImage) writeFileSync(join(directory, 'verify.jpg'), verifyImage);
  earlier.forEach((before, index) => writeCaptured(join(directory, EARLIER, String(index)), before, {}));
}

function earlierOf(directory: string): string[] {
  return existsSync(join(directory, EARLIER)) ? presentationsIn(join(directory, EARLIER)) : [];
}

function readCaptured(directory: string): { captured: Captured; elapsedInMs?: number; person?: string } {
  const file = join(directory, MANIFEST);
  const read = manifestFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`);
  const { challenge, elapsedInMs, person, ...rest } = read.data;
  const manifest = rest as Captured['manifest'];
  const frames = manifest.frames.map(({ fileName }) => ({
    fileName,
    type: 'image/jpeg',
    bytes: new Uint8Array(readFileSync(join(directory, fileName))),
  }));
  return {
    captured: { manifest, frames, challenge },
    ...(elapsedInMs === undefined ? {} : { elapsedInMs }),
    ...(person === undefined ? {} : { person }),
  };
}

function writeCaptured(directory: string, { manifest, frames, challenge }: Captured, more: object): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, MANIFEST), JSON.stringify({ ...manifest, challenge, ...more }, null, 1));
  for (const { fileName, bytes } of frames) writeFileSync(join(directory, fileName), bytes);
}

function subdirectories(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => join(directory, name)).sort();
}
