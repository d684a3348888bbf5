/** The vocabulary of what the default judge weighs. One piece of evidence is one question with a measured answer. */
import type { ActiveMotion, CaptureManifest } from '../../../../../src/protocol/wire.js';
import type { Analysis } from '../analysis.js';
import type { AttackModelDescription } from '../attack-model/description.js';
import type { Meeting } from '../memory.js';
import type { FaceDistance } from './faces.js';
import type { Posed } from './poses.js';

/** Why a decision is not `realface`; the first that applies is the reason of the judgement. */
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
  /** As it would be with a live person. */
  | 'supports'
  /** Not as it should be, though no attack explains it alone. */
  | 'doubts'
  /** As an attack would have it. */
  | 'attack'
  /** Nothing was there to measure. */
  | 'absent';

export interface Evidence {
  name: string;
  finding: Finding;
  /** Of a finding that is `doubts` or `attack`. */
  reason?: Reason;
  value: number | string;
  /** What the value is held against: at least, or at most. */
  atLeast?: number;
  atMost?: number;
  /** Such as `degrees`. */
  unit?: string;
  /** Names of the frames it was found in, where not in all. */
  frames?: string[];
  /** Names of other attempts it was found in, such as `<session id>/1`; some of them, where they are many. */
  attempts?: string[];
}

export interface Case {
  manifest: CaptureManifest;
  challenge: ActiveMotion[];
  analysis: Analysis;
  poses: Posed[];
  /** Of each face from the one in the middle of all. */
  distances: FaceDistance[];
  /** Frames of this submission that were seen in other attempts. */
  seenBefore: Meeting;
  /** Milliseconds between the start of the attempt and the arrival of its frames. */
  elapsedInMs: number;
  /** The operator's own model, where there is one. */
  attackModel: AttackModelDescription | null;
}
