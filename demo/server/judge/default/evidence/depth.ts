/** Whether what turned is a head or a flat picture of one: a plane keeps to the rules of planes. */
import { planarResidual } from '../homography.js';
import type { Turn } from './challenge.js';
import type { Evidence } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';

export function depthEvidence(turns: readonly Turn[]): Evidence[] {
  return turns.flatMap((turn) => [residual(turn), proportions(turn)]);
}

function residual({ direction, from, turned }: Turn): Evidence {
  const values = turned.map(
    ({ face, yaw, pitch }) => planarResidual(from.face.shape, face.shape) / Math.hypot(yaw, pitch),
  );
  const value = Math.max(...values);
  const atLeast = THRESHOLDS.depth.residualPerDegree;
  return {
    name: `depth.${direction}`,
    finding: value >= atLeast ? 'supports' : 'attack',
    ...(value >= atLeast ? {} : { reason: 'FlatPicture' as const }),
    value,
    atLeast,
    unit: 'interocular distances per degree',
    frames: turned.map(({ fileName }) => fileName),
  };
}

function proportions({ direction, from, turned }: Turn): Evidence {
  const { min, max } = THRESHOLDS.depth.proportions;
  const ratio = ({ rectangle }: Turn['from']['face']): number => rectangle.width / rectangle.height;
  const values = turned.map(({ face }) => ratio(face) / ratio(from.face));
  const value = values.reduce(
    (worst, next) => (Math.abs(Math.log(next)) > Math.abs(Math.log(worst)) ? next : worst),
    1,
  );
  const natural = value >= min && value <= max;
  return {
    name: `proportions.${direction}`,
    finding: natural ? 'supports' : 'attack',
    ...(natural ? {} : { reason: 'FlatPicture' as const }),
    value,
    atLeast: min,
    atMost: max,
    unit: 'of the frontal width over height',
    frames: turned.map(({ fileName }) => fileName),
  };
}
