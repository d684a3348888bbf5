/** The evidence that tells a head from a flat picture of one. */
import { expect, it } from 'vitest';
import type { Turn } from '../../demo/server/judge/default/evidence/challenge.js';
import { depthEvidence } from '../../demo/server/judge/default/evidence/depth.js';
import type { Case } from '../../demo/server/judge/default/evidence/evidence.js';
import { posesOf, type Posed } from '../../demo/server/judge/default/evidence/poses.js';

/** @param ratio width of the face over its height @param yaw degrees */
function posed(ratio: number, yaw: number): Posed {
  const rectangle = { top: 0, left: 0, width: 100 * ratio, height: 100 };
  return { fileName: `at ${yaw}`, yaw, pitch: 0, face: { rectangle }, frame: { change: null } } as unknown as Posed;
}

/** The evidence from five frontal frames, one of them with an open mouth, and a turn. */
function proportionsOf(turned: Posed[]) {
  const ratios = [0.8, 0.8, 0.7, 0.8, 0.8];
  const shown = { faceCount: 1, enclosure: null };
  const submitted = {
    challenge: ['lookLeft'],
    manifest: {
      frames: ratios.map((_, index) => ({ fileName: `${index}`, step: 'passive', timeOffsetInMs: 100 * index })),
    },
    analysis: {
      frames: ratios.map((ratio) => ({ ...shown, face: { ...posed(ratio, 0).face, pose: { yaw: 0, pitch: 0 } } })),
    },
  };
  const turn: Turn = { direction: 'lookLeft', from: posed(0.7, 0), turned };
  const given = submitted as unknown as Case;
  const [evidence] = depthEvidence({ ...given, poses: posesOf(given) }, [turn]);
  return evidence;
}

it('a head whose face keeps its proportions in a turn supports a live person', () => {
  expect(proportionsOf([posed(0.8, 9), posed(0.82, 15)])).toMatchObject({
    name: 'proportions.lookLeft',
    finding: 'supports',
  });
});

it('a single frame with a face that has become too narrow is an attack', () => {
  const evidence = proportionsOf([posed(0.8, 9), posed(0.68, 12)]);
  expect(evidence).toMatchObject({ finding: 'attack', reason: 'FlatPicture' });
  expect(evidence?.value).toBeCloseTo(0.85);
});

it('proportions between those of heads and of flat pictures are doubtful', () => {
  expect(proportionsOf([posed(0.8 * 0.88, 12)])).toMatchObject({ finding: 'doubts', reason: 'FlatPicture' });
  expect(proportionsOf([posed(0.8 * 1.2, 12)])).toMatchObject({ finding: 'doubts', reason: 'FlatPicture' });
  expect(proportionsOf([posed(0.8 * 1.3, 12)])).toMatchObject({ finding: 'attack', reason: 'FlatPicture' });
});

it('frames in which the head is turned too far to compare do not count, however narrow', () => {
  expect(proportionsOf([posed(0.6, 35)])).toMatchObject({ finding: 'supports', frames: [] });
  expect(proportionsOf([posed(0.68, 12), posed(0.6, 35)])).toMatchObject({ finding: 'attack', frames: ['at 12'] });
});

it('says nothing where nothing was measured: proportions without a frontal frame, edges without a face', () => {
  const turn: Turn = { direction: 'lookLeft', from: posed(0.8, 9), turned: [posed(0.8, 9)] };
  const evidence = depthEvidence({ poses: [], analysis: { frames: [{ enclosure: null }] } } as unknown as Case, [turn]);
  for (const name of ['proportions.lookLeft', 'enclosure', 'border']) {
    expect(evidence.find((one) => one.name === name)).toMatchObject({
      finding: 'absent',
      value: expect.stringMatching(/^no /) as string,
    });
  }
});
