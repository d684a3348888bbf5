/** Recordings as directories: what is written can be read, and errors name what is wrong. */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { presentationsIn, readPresentation, speciesIn, writePresentation } from '../eval/decisions/dataset.js';
import type { Captured } from '../eval/decisions/material/capture.js';
import { recorder } from '../eval/decisions/record.js';
import { manifest } from '../service/submission.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dataset-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function captured(seed: number): Captured {
  const { frames, ...told } = manifest();
  const steps = ['passive', 'lookLeft'] as const;
  return {
    manifest: {
      ...told,
      mode: 'PassiveActive',
      frames: frames.map((frame, index) => ({ ...frame, step: steps[index] ?? 'passive' })),
    },
    frames: frames.map(({ fileName }, index) => ({
      fileName,
      type: 'image/jpeg',
      bytes: Uint8Array.of(0xff, 0xd8, seed, index),
    })),
    challenge: ['lookLeft'],
  };
}

it('reads what was written, with earlier captures, verify image and person', () => {
  const presentation = {
    captured: captured(1),
    earlier: [captured(2), captured(3)],
    person: 'A',
    verifyImage: Uint8Array.of(9),
  };
  writePresentation(join(directory, 'one'), presentation);
  expect(presentationsIn(directory)).toEqual([join(directory, 'one')]);
  expect(readPresentation(join(directory, 'one'))).toEqual(presentation);
});

it('finds attacks by species', () => {
  for (const [species, name] of ['print/1', 'print/2', 'screen/1'].map((path) => path.split('/'))) {
    writePresentation(join(directory, species ?? '', name ?? ''), { captured: captured(1), earlier: [] });
  }
  // With a slash at the end, as a shell completes the name.
  const found = speciesIn(`${directory}/`);
  expect([...found.keys()]).toEqual(['print', 'screen']);
  expect(found.get('print')).toHaveLength(2);
});

it('refuses an attack without a species', () => {
  writePresentation(join(directory, 'one'), { captured: captured(1), earlier: [] });
  expect(() => speciesIn(directory)).toThrow(/species/);
});

it('names an invalid manifest and the field that is wrong in it', () => {
  mkdirSync(join(directory, 'one'));
  writeFileSync(join(directory, 'one/manifest.json'), JSON.stringify({ ...captured(1).manifest, challenge: ['wink'] }));
  expect(() => readPresentation(join(directory, 'one'))).toThrow(/manifest\.json.*challenge/s);
});

it('refuses a manifest that names a file in another directory', () => {
  writePresentation(join(directory, 'one'), { captured: captured(1), earlier: [] });
  const file = join(directory, 'one/manifest.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('frame-000.jpg', '../frame-000.jpg'));
  expect(() => readPresentation(join(directory, 'one'))).toThrow(/fileName/);
});

it('names a missing frame', () => {
  writePresentation(join(directory, 'one'), { captured: captured(1), earlier: [] });
  rmSync(join(directory, 'one/frame-001.jpg'));
  expect(() => readPresentation(join(directory, 'one'))).toThrow(/frame-001\.jpg/);
});

it('throws for a missing directory, rather than finding nothing in it', () => {
  expect(() => presentationsIn(join(directory, 'nowhere'))).toThrow(/nowhere/);
});

it('reads what the recorder was asked to judge', async () => {
  const sessionId = crypto.randomUUID();
  const verifyImage = Uint8Array.of(9);
  const submission = { ...captured(1), sessionId, elapsedInMs: 5_000, verifyImage };
  const judgement = await recorder(directory, 'A').judge(submission, AbortSignal.timeout(1_000));
  expect(judgement.livenessDecision).toBe('uncertain');
  const [kept] = presentationsIn(directory);
  expect(readPresentation(kept ?? '')).toEqual({
    ...{ captured: captured(1), earlier: [], elapsedInMs: 5_000, person: 'A', verifyImage },
  });
});

it('the recorder writes nothing under a name that leads out of its directory', async () => {
  const submission = { ...captured(1), sessionId: crypto.randomUUID(), elapsedInMs: 5_000, verifyImage: null };
  const [frame] = submission.frames;
  const misnamed = { ...submission, frames: [{ ...frame, fileName: '../outside.jpg' }] as Captured['frames'] };
  await recorder(join(directory, 'kept'), null).judge(misnamed, AbortSignal.timeout(1_000));
  expect(readdirSync(directory)).toEqual(['kept']);
  await expect(
    recorder(directory, null).judge({ ...submission, sessionId: '../..' }, AbortSignal.timeout(1_000)),
  ).rejects.toThrow(/session/);
});
