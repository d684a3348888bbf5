/** A client's claims excuse nothing: repeated pictures are not a live person, whatever steps and times it states. */
import { expect, it } from 'vitest';
import { challengeEvidence } from '../../demo/server/judge/default/evidence/challenge.js';
import type { Case, Evidence } from '../../demo/server/judge/default/evidence/evidence.js';
import { manifestEvidence } from '../../demo/server/judge/default/evidence/manifest.js';
import { posesOf } from '../../demo/server/judge/default/evidence/poses.js';
import { repetitionEvidence } from '../../demo/server/judge/default/evidence/repetition.js';
import type { ActiveMotion, CaptureStep, HeadTurn } from '../../src/protocol/wire.js';

const LEFT = 20;
/** Yaw of the head in each frame, in degrees: twice from the front to the left and back. */
const YAWS = [0, 0, 0, LEFT, LEFT, 0, 0, LEFT, LEFT, 0];
const TRUE_STEPS: CaptureStep[] = YAWS.map((yaw) => (yaw === LEFT ? 'lookLeft' : 'passive'));

/** Adds the poses to the case, as the judge does. */
function caseOf(given: object): Case {
  const submitted = given as Case;
  return { ...submitted, poses: posesOf(submitted) };
}

interface Claim {
  steps?: CaptureStep[];
  msApart?: number;
  elapsedInMs?: number;
  challenge?: HeadTurn[];
  samePictures?: [number, number][];
  /** Whether `samePictures` are identical files, or only look the same. */
  isOneFile?: boolean;
  seen?: number[];
}

function evidence(name: string, claim: Claim): Evidence | undefined {
  const {
    steps = TRUE_STEPS,
    msApart = 400,
    elapsedInMs = 60_000,
    challenge = [],
    samePictures = [],
    isOneFile = false,
    seen = [],
  } = claim;
  const fileName = (index: number): string => `frame-${index}`;
  const face = (yaw: number) => ({ pose: { yaw, pitch: 0 }, rectangle: {} });
  const submitted = caseOf({
    challenge,
    elapsedInMs,
    manifest: {
      frames: steps.map((step, index) => ({
        ...{ fileName: fileName(index), step, timeOffsetInMs: index * msApart },
        ...{ faceRectangle: {}, measurements: { yaw: YAWS[index], pitch: 0 } },
      })),
    },
    analysis: {
      frames: YAWS.map((yaw, index) => ({
        fileName: fileName(index),
        sha256: isOneFile ? '' : index,
        face: face(yaw),
      })),
      samePictures,
    },
    seenBefore: {
      sightings: seen.map((index) => ({ fileName: fileName(index), attempt: 'a/1', otherFileName: '', exact: false })),
      cutOff: [],
    },
  });
  return [...repetitionEvidence(submitted), ...manifestEvidence(submitted)].find((found) => found.name === name);
}

it('seenBefore counts turned frames of another attempt, though the client calls them passive, and no frontal ones', () => {
  const steps = YAWS.map(() => 'passive' as const);
  const finding = { finding: 'attack', reason: 'AnotherSession', value: 3 };
  expect(evidence('seenBefore', { steps, seen: [3, 4, 7] })).toMatchObject(finding);
  expect(evidence('seenBefore', { steps, seen: [0, 1, 2, 5] })).toMatchObject({ finding: 'supports', value: 0 });
});

it('repeatedFrames finds an attack when a picture comes again after a turn, however short the claimed time', () => {
  const msApart = 50;
  const finding = { finding: 'attack', reason: 'RepeatedFrames' };
  const frontal: [number, number][] = [
    [2, 5],
    [5, 9],
  ];
  const turned: [number, number][] = [
    [3, 7],
    [4, 8],
  ];
  expect(evidence('repeatedFrames', { msApart, samePictures: frontal })).toMatchObject(finding);
  expect(evidence('repeatedFrames', { msApart, samePictures: turned })).toMatchObject(finding);
  expect(evidence('repeatedFrames', { msApart: 10, samePictures: [[2, 5]], isOneFile: true })).toMatchObject(finding);
});

it('repeatedFrames accepts the same picture twice in a row, as of a head that keeps still', () => {
  const samePictures: [number, number][] = [
    [0, 1],
    [1, 2],
    [3, 4],
  ];
  expect(evidence('repeatedFrames', { msApart: 50, samePictures })).toMatchObject({ finding: 'supports', value: 0 });
});

it.each([
  ['supports frames that fit into the time since the attempt began', 400, 3_000, 'supports'],
  ['doubts frames that take longer', 400, 2_000, 'doubts'],
  ['is absent if clocks differ, so that the attempt seems to begin after its end', 400, -1, 'absent'],
  ['doubts frames that are out of order, even then', -400, -1, 'doubts'],
])('the timing finding %s', (_, msApart, elapsedInMs, finding) => {
  const reason = finding === 'doubts' ? 'ImpossibleTiming' : undefined;
  expect(evidence('timing', { msApart, elapsedInMs })).toMatchObject({ finding, reason });
});

it('the manifest finding is absent when no frame shows a face that could be where it says', () => {
  const told = { fileName: 'frame-0', step: 'passive', faceRectangle: {}, measurements: {}, timeOffsetInMs: 0 };
  const given = { challenge: [], elapsedInMs: 0, manifest: { frames: [told] }, analysis: { frames: [{ face: null }] } };
  expect(manifestEvidence(given as unknown as Case)[0]).toMatchObject({ name: 'manifest', finding: 'absent' });
});

const [front, left, up] = ['passive', 'lookLeft', 'lookUp'] as const;

it.each([
  ['supports the turns as drawn', [front, front, left, left, front, up, up, front], 'supports'],
  [
    'supports turns without the frontal frames between them, as of a shortened body',
    [front, left, left, up, up],
    'supports',
  ],
  ['doubts a manifest without turns', [front, front, front], 'doubts'],
  ['doubts a turn without a frontal frame before it', [left, left, front, up, front], 'doubts'],
  ['doubts the turns in another order', [front, up, front, left, front], 'doubts'],
  ['doubts a turn in two parts', [front, left, front, left, front, up, front], 'doubts'],
  ['doubts a turn that was not drawn', [front, left, front, up, front, left, front], 'doubts'],
] as [string, CaptureStep[], string][])('the steps finding %s', (_, steps, finding) => {
  const reason = finding === 'doubts' ? { reason: 'ManifestContradicted' } : {};
  expect(evidence('steps', { steps, challenge: [left, up] })).toMatchObject({ finding, ...reason });
});

it.each([
  ['supports a rest between the turns', [0, 500, 900, 1400, 1900], [0, LEFT, 0, -LEFT, 0], 'supports', 500],
  [
    'supports turns without a frontal frame between them, as of a shortened body',
    [0, 500, 1400, 1900],
    [0, LEFT, -LEFT, 0],
    'supports',
    1400,
  ],
  ['doubts turns with no time between them', [0, 500, 501, 1900], [0, LEFT, -LEFT, 0], 'doubts', 1],
  [
    'doubts turns with no time between them, despite a frontal frame',
    [0, 500, 501, 502],
    [0, LEFT, 0, -LEFT],
    'doubts',
    2,
  ],
] as [string, number[], number[], string, number][])(
  'the time finding for the second turn %s',
  (_, times, yaws, finding, value) => {
    const frames = yaws.map((yaw, index) => ({ fileName: `frame-${index}`, face: { pose: { yaw, pitch: 0 } } }));
    const step = (yaw: number) => (yaw === LEFT ? 'lookLeft' : yaw === 0 ? 'passive' : 'lookRight');
    const told = frames.map(({ fileName }, index) => ({
      ...{ fileName, step: step(yaws[index] ?? 0), timeOffsetInMs: times[index] },
    }));
    const challenge: HeadTurn[] = ['lookLeft', 'lookRight'];
    const submitted = caseOf({ challenge, manifest: { frames: told }, analysis: { frames } });
    const found = challengeEvidence(submitted).evidence;
    expect(found.find(({ name }) => name === 'challenge')).toMatchObject({ finding: 'supports' });
    expect(found.find(({ name }) => name === 'time.lookRight')).toMatchObject({ finding, value });
  },
);

const MOUTH = 0.66;
const SMILE = 0.8;

function lookedLike(looks: readonly (number | 'smile')[], msApart = 500) {
  const frames = looks.map((look, index) => ({
    fileName: `frame-${index}`,
    face: { pose: { yaw: look === 'smile' ? 0 : look, pitch: 0 }, mouthWidth: look === 'smile' ? SMILE : MOUTH },
  }));
  const told = frames.map(({ fileName }, index) => ({
    ...{ fileName, step: looks[index] === LEFT ? 'lookLeft' : 'passive', timeOffsetInMs: msApart * index },
  }));
  return { manifest: { frames: told }, analysis: { frames, samePictures: [] } };
}

it('a turn after a smile is timed from the last frontal frame, even one that still shows the smile', () => {
  const submitted = caseOf({
    challenge: ['smile', 'lookLeft'],
    ...lookedLike([0, 0, 'smile', 'smile', LEFT, 0], 7_000),
  });
  const found = challengeEvidence(submitted).evidence;
  expect(found.find(({ name }) => name === 'time.lookLeft')).toMatchObject({ finding: 'supports', value: 7_000 });
});

it('seenBefore does not count smiling frontal frames of another attempt, since a smile is no turn', () => {
  const sightings = [2, 3].map((index) => ({ fileName: `frame-${index}`, attempt: 'a/1', exact: false }));
  const submitted = caseOf({
    challenge: ['smile'],
    ...lookedLike([0, 0, 'smile', 'smile', 0]),
    seenBefore: { sightings, cutOff: [] },
  });
  const found = repetitionEvidence(submitted);
  expect(found.find(({ name }) => name === 'seenBefore')).toMatchObject({ finding: 'supports', value: 0 });
});

it.each([
  [
    'supports a smile where it was drawn',
    ['smile', 'lookLeft'],
    [0, 0, 'smile', 'smile', 0, LEFT, 0],
    'supports',
    undefined,
  ],
  [
    'supports a smile that is there before and after the next turn',
    ['smile', 'lookLeft'],
    [0, 0, 'smile', LEFT, 'smile'],
    'supports',
    undefined,
  ],
  [
    'supports another smile where none was drawn',
    ['lookLeft', 'smile'],
    [0, 'smile', 0, LEFT, 0, 'smile', 0],
    'supports',
    undefined,
  ],
  ['doubts a missing smile', ['lookLeft', 'smile'], [0, 0, LEFT, 0, 0], 'doubts', 'ChallengeNotMet'],
  ['doubts a smile at another time', ['lookLeft', 'smile'], [0, 0, 'smile', 0, LEFT, 0], 'doubts', 'ChallengeNotMet'],
  [
    'doubts a smile from the first picture on',
    ['smile', 'lookLeft'],
    ['smile', 'smile', 'smile', LEFT, 'smile'],
    'doubts',
    'ChallengeNotMet',
  ],
  ['supports smiles when none was drawn', ['lookLeft'], [0, 'smile', 0, LEFT, 'smile'], 'supports', undefined],
] as [string, ActiveMotion[], (number | 'smile')[], string, string | undefined][])(
  'the challenge finding %s',
  (_, challenge, looks, finding, reason) => {
    const submitted = caseOf({ challenge, ...lookedLike(looks) });
    const found = challengeEvidence(submitted).evidence.find(({ name }) => name === 'challenge');
    expect(found).toMatchObject({ finding, ...(reason === undefined ? {} : { reason }) });
  },
);
