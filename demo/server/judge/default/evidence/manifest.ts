/**
 * Whether the manifest describes these pictures. An honest one does: the element measures with the same face model as
 * the judge.
 */
import type { FaceRectangle } from '../../../../../src/protocol/geometry.js';
import type { Case, Evidence } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';

export function manifestEvidence(submitted: Case): Evidence[] {
  return [agreement(submitted), order(submitted), steps(submitted)];
}

function agreement({ manifest, analysis }: Case): Evidence {
  const { overlap, pose, frames } = THRESHOLDS.manifest;
  const off = manifest.frames.filter(({ faceRectangle, measurements }, index) => {
    const face = analysis.frames[index]?.face;
    if (!face) return false;
    const turned = Math.max(Math.abs(face.pose.yaw - measurements.yaw), Math.abs(face.pose.pitch - measurements.pitch));
    return intersectionOverUnion(face.rectangle, faceRectangle) < overlap || turned > pose;
  });
  const contradicted = off.length > frames;
  const measured = analysis.frames.some(({ face }) => face !== null);
  return {
    name: 'manifest',
    finding: contradicted ? 'attack' : measured ? 'supports' : 'absent',
    reason: contradicted ? 'ManifestContradicted' : undefined,
    value: off.length,
    atMost: frames,
    unit: 'frames of something else',
    frames: off.map(({ fileName }) => fileName),
  };
}

function order({ manifest, elapsedInMs }: Case): Evidence {
  const times = manifest.frames.map(({ timeOffsetInMs }) => timeOffsetInMs);
  const forward = times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0));
  const span = Math.max(0, ...times) - Math.min(...times);
  // Another process may have started the attempt. If its clock is ahead, nobody knows how much time has passed. An
  // attacker gains nothing from that: the client states the times, and can state some that fit.
  const known = elapsedInMs >= 0;
  const atMost = known ? elapsedInMs + THRESHOLDS.clockMs : undefined;
  const possible = forward && (atMost === undefined || span <= atMost);
  return {
    name: 'timing',
    finding: !possible ? 'doubts' : known ? 'supports' : 'absent',
    reason: possible ? undefined : 'ImpossibleTiming',
    value: forward ? span : 'frames out of order',
    atMost,
    unit: 'ms',
  };
}

/**
 * Whether the steps in the manifest begin with a frontal look and then follow the motions drawn. Frames between two
 * turns and at the end are not required, because the element may leave them out of a submission that is too long.
 */
function steps({ manifest, challenge }: Case): Evidence {
  const said = manifest.frames.map(({ step }) => step);
  const turns = said.filter((step, index) => step !== 'passive' && step !== said[index - 1]);
  const followed = said[0] === 'passive' && turns.join() === challenge.join();
  return {
    name: 'steps',
    finding: followed ? 'supports' : 'doubts',
    reason: followed ? undefined : 'ManifestContradicted',
    value: turns.join(', ') || 'no turns',
  };
}

function intersectionOverUnion(a: FaceRectangle, b: FaceRectangle): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
