/** The vocabulary of what the default judge weighs. One piece of evidence is one question with a measured answer. */
import type { CaptureManifest, HeadTurn } from '../../../../../src/protocol/wire.js';
import type { Analysis } from '../analysis.js';
import type { AttackModelDescription } from '../attack-model/description.js';
import type { Sighting } from '../memory.js';

/** Why a decision is not `realface`; the first that applies is the reason of the judgement. */
export const REASONS = {
  AnotherSession: 'Frames of another attempt were sent again.',
  RepeatedFrames: 'One picture was sent as if it were several moments.',
  AnotherPerson: 'The face of one person was followed by that of another.',
  ManifestContradicted: 'What was said of the frames is not what they show.',
  FlatPicture: 'What turned was a flat picture.',
  ScreenShown: 'A border encloses the face, as that of a screen or a print.',
  ImpossibleTiming: 'The frames cannot have been taken in the time there was.',
  NoFace: 'A frame shows no face.',
  SeveralFaces: 'A frame shows several faces.',
  ActiveMotionNeeded: 'Without head turns there is nothing a decision could rest on.',
  WrongDirections: 'The head was turned in another direction, or in another order, than was asked.',
  ChallengeNotMet: 'A head turn that was asked for is missing.',
  NoNaturalMotion: 'The face did not change in itself as a living one does.',
  ScreenSuspected: 'Straight edges enclose the face, as those of a screen or a print.',
  AttackModel: 'The presentation-attack model took it for an attack.',
} as const;

export type Reason = keyof typeof REASONS;

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
}

export interface Case {
  manifest: CaptureManifest;
  challenge: HeadTurn[];
  analysis: Analysis;
  /** Frames of this submission that were seen in other attempts. */
  sightings: Sighting[];
  /** Milliseconds between the start of the attempt and the arrival of its frames. */
  elapsedInMs: number;
  /** The operator's own model, where there is one. */
  attackModel: AttackModelDescription | null;
}
