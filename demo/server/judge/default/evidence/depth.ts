/**
 * Whether a head turned, or only a flat picture of one: the proportions of a flat picture change like those of a plane.
 */
import type { Turn } from './challenge.js';
import type { Case, Evidence } from './evidence.js';
import { median, type Posed } from './poses.js';
import { THRESHOLDS } from './thresholds.js';

export function depthEvidence(submitted: Case, turns: readonly Turn[]): Evidence[] {
  const frontal = frontalRatio(submitted.poses);
  // A smile has no depth.
  const ofTheHead = turns.filter(({ direction }) => direction !== 'smile');
  return [
    ...ofTheHead.map((turn) => proportions(turn, frontal)),
    ...ofTheHead.map(background),
    surround(submitted, 'edges'),
    surround(submitted, 'border'),
  ];
}

/**
 * A head turned by fifteen degrees looks as wide as before; a flat picture that looks turned as far has to get
 * narrower. No flat picture looks turned as far as a head can, so frames beyond `furthest` need no such test.
 */
function proportions({ direction, turned }: Turn, frontal: number | null): Evidence {
  const { min, max, flatBelow, flatAbove, furthest } = THRESHOLDS.proportions;
  const near = turned.filter(({ yaw, pitch }) => Math.max(Math.abs(yaw), Math.abs(pitch)) <= furthest);
  // Without a frontal frame there is nothing to compare with; the evidence on the time of the turn covers this case.
  const compared =
    frontal === null ? [] : near.map((posed) => ({ fileName: posed.fileName, ratio: ratioOf(posed) / frontal }));
  const value = compared.reduce(
    (worst, { ratio }) => (Math.abs(Math.log(ratio)) > Math.abs(Math.log(worst)) ? ratio : worst),
    1,
  );
  const flat = value < flatBelow || value > flatAbove;
  const unlike = value < min || value > max;
  return {
    name: `proportions.${direction}`,
    finding: frontal === null ? 'absent' : flat ? 'attack' : unlike ? 'doubts' : 'supports',
    reason: unlike ? 'FlatPicture' : undefined,
    value: compared.length > 0 ? value : 'no frame to compare',
    atLeast: min,
    atMost: max,
    unit: 'of the frontal width over height',
    frames: compared.map(({ fileName }) => fileName),
  };
}

/**
 * The median of all frontal frames: breathing or an open mouth changes the ratio of a single frame by some hundredths.
 */
function frontalRatio(poses: readonly Posed[]): number | null {
  const ratios = poses.flatMap((posed) => (posed.position === 'frontal' ? ratioOf(posed) : []));
  return ratios.length > 0 ? median(ratios) : null;
}

function ratioOf({ face: { rectangle } }: Posed): number {
  return rectangle.width / rectangle.height;
}

/**
 * This evidence can support a head but never speak against one: somebody may walk past behind, or the chair may roll.
 */
function background({ direction, turned }: Turn): Evidence {
  const changes = turned.flatMap(({ frame: { change } }) => change ?? []);
  const value = Math.max(0, ...changes.map((change) => change.face / Math.max(1, change.background)));
  const atLeast = THRESHOLDS.faceOverBackground;
  return {
    name: `background.${direction}`,
    finding: value >= atLeast ? 'supports' : 'absent',
    value,
    atLeast,
    unit: 'times as much change in the face',
    frames: turned.map(({ fileName }) => fileName),
  };
}

/**
 * A room may have straight edges on every side of a head, so `edges` only raises doubts. But these do not form a single
 * border, so `border` means an attack.
 */
const SURROUNDS = {
  edges: {
    name: 'enclosure',
    otherwise: 'doubts',
    reason: 'ScreenSuspected',
    unit: 'of the weakest edge around the face',
  },
  border: {
    name: 'border',
    otherwise: 'attack',
    reason: 'ScreenShown',
    unit: 'of the weakest side of a border around the face',
  },
} as const;

function surround({ analysis }: Case, kind: keyof typeof SURROUNDS): Evidence {
  const { name, otherwise, reason, unit } = SURROUNDS[kind];
  const atMost = THRESHOLDS.enclosure[kind];
  const values = analysis.frames.flatMap(({ enclosure }) => enclosure?.[kind] ?? []);
  if (values.length === 0) return { name, finding: 'absent', value: 'no face', atMost, unit };
  const value = median(values);
  return { name, ...(value <= atMost ? { finding: 'supports' } : { finding: otherwise, reason }), value, atMost, unit };
}
