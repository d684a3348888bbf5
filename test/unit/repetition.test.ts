/** Evidence from pictures that were sent before. */
import { expect, it } from 'vitest';
import type { Case } from '../../demo/server/judge/default/evidence/evidence.js';
import { repetitionEvidence } from '../../demo/server/judge/default/evidence/repetition.js';
import type { SeenBefore, Sighting } from '../../demo/server/judge/default/memory.js';

const STEPS = ['passive', 'passive', 'lookLeft', 'lookLeft', 'passive', 'lookUp', 'lookUp', 'lookUp'];
const name = (index: number): string => `frame-00${index}.jpg`;

function sighting(index: number, attempt = 'a/1', exact = false, other = 0): Sighting {
  return { fileName: name(index), attempt, otherFileName: name(other), exact };
}

function seenBefore(...sightings: Sighting[]) {
  return evidenceOf({ sightings, cutOff: [] });
}

function evidenceOf(seenBefore: SeenBefore) {
  const frames = STEPS.map((step, index) => ({ fileName: name(index), step, timeOffsetInMs: 400 * index }));
  const submitted = { manifest: { frames }, analysis: { frames: [], samePictures: [] }, poses: [], seenBefore };
  return repetitionEvidence(submitted as unknown as Case).find((evidence) => evidence.name === 'seenBefore');
}

it('frontal frames may look like those of another session, as of the same person in the same chair', () => {
  expect(seenBefore(sighting(0), sighting(1), sighting(4))).toMatchObject({ finding: 'supports', value: 0 });
});

it('of turned frames that look as before, one is allowed, two are doubtful, three are an attack', () => {
  expect(seenBefore(sighting(2))).toMatchObject({ finding: 'supports', value: 1 });
  expect(seenBefore(sighting(2), sighting(5))).toMatchObject({ finding: 'doubts', reason: 'AnotherSession', value: 2 });
  expect(seenBefore(sighting(2), sighting(3), sighting(6))).toMatchObject({
    ...{ finding: 'attack', reason: 'AnotherSession', value: 3, frames: [name(2), name(3), name(6)] },
  });
});

it('a frame that looks like several of the other attempt counts once', () => {
  const several = [0, 1, 2, 3].map((other) => sighting(2, 'a/1', false, other));
  expect(seenBefore(...several)).toMatchObject({ finding: 'supports', value: 1 });
});

it('likenesses to several attempts are not added up', () => {
  expect(seenBefore(sighting(2, 'a/1'), sighting(5, 'b/1'), sighting(6, 'c/1'))).toMatchObject({ value: 1 });
});

it.each(['passive', 'lookLeft'])('a single file that was sent before is an attack, in the step %s', (step) => {
  const file = sighting(STEPS.indexOf(step), 'a/1', true);
  expect(seenBefore(file)).toMatchObject({ finding: 'attack', value: 1, atMost: 0 });
});

it('names at most five of the other attempts, and none for a likeness that is allowed', () => {
  expect(seenBefore(sighting(2, 'a/1'))).not.toHaveProperty('attempts');
  expect(seenBefore(sighting(2, 'b/1'), sighting(2, 'a/2'), sighting(5, 'a/2'))).toMatchObject({ attempts: ['a/2'] });
  const files = Array.from({ length: 7 }, (_, index) => sighting(0, `${index}/1`, true));
  expect(seenBefore(...files)).toMatchObject({ attempts: ['0/1', '1/1', '2/1', '3/1', '4/1'] });
});

it('of turned frames that too many others resemble, one is allowed, and two are doubtful', () => {
  const cutOff = (...indices: number[]) => indices.map(name);
  expect(evidenceOf({ sightings: [], cutOff: cutOff(0, 1, 2) })).toMatchObject({ finding: 'supports', value: 0 });
  const doubt = { finding: 'doubts', reason: 'TooManyAlike', value: 2, frames: [name(2), name(5)] };
  expect(evidenceOf({ sightings: [], cutOff: cutOff(2, 5) })).toMatchObject(doubt);
  expect(evidenceOf({ sightings: [sighting(2)], cutOff: cutOff(0, 2, 5) })).toMatchObject(doubt);
});
