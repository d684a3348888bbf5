/**
 * Presentations as directories, for recordings of one's own: one directory each, with `manifest.json`, the frames it
 * names, and what else there is. `docs/decisions.md` describes the format for those who record.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { captureManifest } from '../../../demo/server/service/schemas/client.js';
import { HEAD_TURNS } from '../../../src/protocol/wire.js';
import type { Captured } from './material/capture.js';
import type { Presentation } from './presentation.js';

const MANIFEST = 'manifest.json';
const VERIFY_IMAGE = /^verify\.(jpe?g|png|webp|bmp)$/i;
const EARLIER = 'earlier';

const manifestFile = captureManifest.extend({
  challenge: z.array(z.enum(HEAD_TURNS)),
  elapsedInMs: z.number().nonnegative().optional(),
  person: z.string().optional(),
});

/** @returns directories that hold presentations, in order of their names: `directory` itself, or those in it */
export function presentationsIn(directory: string): string[] {
  return subdirectories(directory).filter((candidate) => existsSync(join(candidate, MANIFEST)));
}

/** @returns by the name of each species its presentations */
export function speciesIn(directory: string): Map<string, string[]> {
  const species = subdirectories(directory).map((path) => [path, presentationsIn(path)] as const);
  const loose = presentationsIn(directory);
  if (loose.length > 0) throw new Error(`${loose[0]}: attacks belong in a directory named for their species`);
  return new Map(species.map(([path, presentations]) => [path.slice(directory.length + 1), presentations]));
}

/** @throws Error that names the file */
export function readPresentation(directory: string): Presentation {
  const { captured, elapsedInMs, person } = readCaptured(directory);
  const verify = readdirSync(directory).find((name) => VERIFY_IMAGE.test(name));
  return {
    captured,
    earlier: presentationsIn(join(directory, EARLIER)).map((path) => readCaptured(path).captured),
    ...(elapsedInMs === undefined ? {} : { elapsedInMs }),
    ...(person === undefined ? {} : { person }),
    ...(verify === undefined ? {} : { verifyImage: new Uint8Array(readFileSync(join(directory, verify))) }),
  };
}

export function writePresentation(directory: string, { captured, earlier, person, verifyImage }: Presentation): void {
  writeCaptured(directory, captured, person);
  if (verifyImage) writeFileSync(join(directory, 'verify.jpg'), verifyImage);
  earlier.forEach((before, index) => writeCaptured(join(directory, EARLIER, String(index)), before));
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

function writeCaptured(directory: string, { manifest, frames, challenge }: Captured, person?: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, MANIFEST), JSON.stringify({ ...manifest, challenge, person }, null, 1));
  for (const { fileName, bytes } of frames) writeFileSync(join(directory, fileName), bytes);
}

function subdirectories(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => join(directory, name)).sort();
}
