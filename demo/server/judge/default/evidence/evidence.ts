/** The vocabulary of the default judge. A piece of evidence is one question with a measured answer. */
import type { ActiveMotion, CaptureManifest } from '../../../../../src/protocol/wire.js';
import type { Analysis } from '../analysis.js';
import type { AttackModelDescription } from '../attack-model/description.js';
import type { SeenBefore } from '../memory.js';
import type { FaceDistance } from './faces.js';
import type { Posed } from './poses.js';

/**
 * Why a decision is not `realface`. If several reasons apply, the judgement gives the first in this order; for
 * `spoofface`, only the reasons of `attack` findings count.
 */
export const REASONS = [
  'AnotherSession',
  'RepeatedFrames',
  'AnotherPerson',
  'ManifestContradicted',
  'FlatPicture',
  'ScreenShown',
  'ImpossibleTiming',
  'NoFace',
  'SeveralFaces',
  'ActiveMotionNeeded',
  'WrongDirections',
  'ChallengeNotMet',
  'NoNaturalMotion',
  'TooManyAlike',
  'ScreenSuspected',
  'AttackModel',
] as const;

export type Reason = (typeof REASONS)[number];

export type Finding =
  /** As expected of a live person. */
  | 'supports'
  /** Not as expected, but not enough to conclude an attack from it alone. */
  | 'doubts'
  /** As expected of an attack. */
  | 'attack'
  /** There was nothing to measure. */
  | 'absent';

export interface Evidence {
  name: string;
  finding: Finding;
  /** Set if the finding is `doubts` or `attack`. */
  reason?: Reason;
  value: number | string;
  /** The bounds that `value` is compared with. */
  atLeast?: number;
  atMost?: number;
  /** Such as `degrees`. */
  unit?: string;
  /** Names of the frames that show it, if not all do. */
  frames?: string[];
  /** Names of other attempts that show it, such as `<session id>/1`; only some if there are many. */
  attempts?: string[];
}

export interface Case {
  manifest: CaptureManifest;
  challenge: ActiveMotion[];
  analysis: Analysis;
  poses: Posed[];
  /** Distance of each face from the face that is closest to all others. */
  distances: FaceDistance[];
  /** Frames of this submission that were seen in other attempts. */
  seenBefore: SeenBefore;
  /** Milliseconds between the start of the attempt and the arrival of its frames. */
  elapsedInMs: number;
  /** The operator's own model, if there is one. */
  attackModel: AttackModelDescription | null;
}
