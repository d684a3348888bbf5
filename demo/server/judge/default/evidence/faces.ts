/** Who is in the pictures: one face in each, the same person in all, and a living one. */
import { distance as bits } from '../fingerprint.js';
import { identityDistance } from '../match.js';
import type { Case, Evidence } from './evidence.js';
import { median, posesOf } from './poses.js';
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
    ...(wrong.length === 0 ? {} : { reason: none.length > 0 ? ('NoFace' as const) : ('SeveralFaces' as const) }),
    value: frames.length - none.length - several.length,
    atLeast: frames.length,
    unit: 'frames',
    frames: wrong.map(({ fileName }) => fileName),
  };
}

/** Each face against the one that is closest to all others. */
function samePerson({ analysis }: Case): Evidence {
  const faces = analysis.frames.flatMap(({ fileName, face }) => (face ? [{ fileName, identity: face.identity }] : []));
  const centre = faces.reduce<(typeof faces)[number] | null>((best, face) => {
    const spread = (candidate: typeof face): number =>
      median(faces.map((other) => identityDistance(candidate.identity, other.identity)));
    return !best || spread(face) < spread(best) ? face : best;
  }, null);
  const distances = faces.map((face) => (centre ? identityDistance(face.identity, centre.identity) : 0));
  const value = Math.max(0, ...distances);
  const atMost = THRESHOLDS.anotherPerson;
  return {
    name: 'samePerson',
    finding: faces.length < 2 ? 'absent' : value <= atMost ? 'supports' : 'attack',
    ...(value <= atMost ? {} : { reason: 'AnotherPerson' as const }),
    value,
    atMost,
    unit: 'distance',
    frames: faces.filter((_, index) => (distances[index] ?? 0) > atMost).map(({ fileName }) => fileName),
  };
}

/** A blink, a glance, the mouth: over some seconds a living face looks different even when it is laid upright. */
function naturalMotion(submitted: Case): Evidence {
  const frontal = new Set(
    posesOf(submitted).flatMap(({ position, fileName }) => (position === 'frontal' ? [fileName] : [])),
  );
  const faces = submitted.analysis.frames.flatMap(({ fileName, fingerprint }) =>
    frontal.has(fileName) && fingerprint ? [fingerprint.face] : [],
  );
  const value = Math.max(0, ...faces.flatMap((a, i) => faces.slice(i + 1).map((b) => bits(a, b))));
  const atLeast = THRESHOLDS.naturalMotionBits;
  return {
    name: 'naturalMotion',
    finding: value >= atLeast ? 'supports' : 'doubts',
    ...(value >= atLeast ? {} : { reason: 'NoNaturalMotion' as const }),
    value,
    atLeast,
    unit: 'bits',
  };
}
