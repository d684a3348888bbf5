/** Who is in the pictures: one face in each, the same person in all, and a living one. */
import type { FrameFacts } from '../analysis.js';
import { distance as bits } from '../fingerprint.js';
import { identityDistance } from '../match.js';
import type { Case, Evidence } from './evidence.js';
import { median } from './poses.js';
import { THRESHOLDS } from './thresholds.js';

export function faceEvidence(submitted: Case): Evidence[] {
  return [oneFace(submitted), samePerson(submitted), naturalMotion(submitted)];
}

function oneFace({ analysis: { frames } }: Case): Evidence {
  const none = frames.filter(({ faceCount }) => faceCount === 0);
  const several = frames.filter(({ faceCount }) => faceCount > 1);
  const wrong = none.length > 0 ? none : several;
  return {
    name: 'oneFace',
    finding: wrong.length === 0 ? 'supports' : 'doubts',
    reason: wrong.length === 0 ? undefined : none.length > 0 ? 'NoFace' : 'SeveralFaces',
    value: frames.length - none.length - several.length,
    atLeast: frames.length,
    unit: 'frames',
    frames: wrong.map(({ fileName }) => fileName),
  };
}

export interface FaceDistance {
  fileName: string;
  distance: number;
}

/** Distance of each face from the face that is closest to all others. */
export function distancesFromMiddle(frames: readonly FrameFacts[]): FaceDistance[] {
  const faces = frames.flatMap(({ fileName, face }) => (face ? [{ fileName, identity: face.identity }] : []));
  const spreads = faces.map(({ identity }) => median(faces.map((other) => identityDistance(identity, other.identity))));
  const centre = faces[spreads.indexOf(Math.min(...spreads))];
  return faces.map(({ fileName, identity }) => ({
    fileName,
    distance: centre ? identityDistance(identity, centre.identity) : 0,
  }));
}

function samePerson({ distances: faces }: Case): Evidence {
  const value = Math.max(0, ...faces.map(({ distance }) => distance));
  const atMost = THRESHOLDS.anotherPerson;
  return {
    name: 'samePerson',
    finding: faces.length < 2 ? 'absent' : value <= atMost ? 'supports' : 'attack',
    reason: value <= atMost ? undefined : 'AnotherPerson',
    value,
    atMost,
    unit: 'distance',
    frames: faces.flatMap(({ fileName, distance }) => (distance > atMost ? [fileName] : [])),
  };
}

/**
 * A living face blinks, glances and moves its mouth: within some seconds its picture changes, even when aligned
 * upright.
 */
function naturalMotion({ poses }: Case): Evidence {
  const faces = poses.flatMap(({ position, frame: { fingerprint } }) =>
    position === 'frontal' && fingerprint ? [fingerprint.face] : [],
  );
  const value = Math.max(0, ...faces.flatMap((a, i) => faces.slice(i + 1).map((b) => bits(a, b))));
  const atLeast = THRESHOLDS.naturalMotionBits;
  return {
    name: 'naturalMotion',
    finding: value >= atLeast ? 'supports' : 'doubts',
    reason: value >= atLeast ? undefined : 'NoNaturalMotion',
    value,
    atLeast,
    unit: 'bits',
  };
}
