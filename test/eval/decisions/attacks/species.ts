/**
 * Simulated presentation attacks, each with the same questions drawn as for a live person. The client is honest or not,
 * as the attack needs; where it measures, it measures what is in front of it. `docs/decisions.md` says what they are not.
 */
import { capture } from '../material/capture.js';
import type { Presentation, Stage } from '../presentation.js';
import { photoShifted, photoTilted, stillPhoto } from './photo.js';
import {
  framesSwapped,
  preRecordedTurns,
  repeatedFrames,
  secondPerson,
  sessionRelabelled,
  sessionReplay,
  timeCompressed,
} from './sent-again.js';
import type { Bar } from '../tally.js';
import { onScreen, type Border } from './screen.js';

export interface Species {
  make(stage: Stage): Promise<Presentation>;
  bar: Bar;
}

export const SPECIES = {
  /** On a stand. */
  stillPhoto: { make: stillPhoto, bar: 'notAccepted' },
  /** Pushed in the direction that is asked for. */
  photoShifted: { make: photoShifted, bar: 'notAccepted' },
  /** Turned in the hand. */
  photoTilted: { make: photoTilted, bar: 'notAccepted' },
  /** A recording that shows every turn that is asked for: whoever plays it can choose the moment. */
  screenReplay: { make: (stage) => screenReplay(stage, 'inView'), bar: 'recognised' },
  /** The same on a screen so near that its border is out of view: the judge has nothing to tell it by. */
  screenFillingView: { make: (stage) => screenReplay(stage, 'outOfView'), bar: 'none' },
  /** The whole of an earlier session once more, where the same turns happen to be drawn. */
  sessionReplay: { make: sessionReplay, bar: 'recognised' },
  /** The same, encoded anew, and said to be of one that never turned. */
  sessionRelabelled: { make: sessionRelabelled, bar: 'recognised' },
  /** A session of now, its turned frames out of an earlier one: of the same person, or of another. */
  framesSwapped: { make: framesSwapped, bar: 'recognised' },
  /** Every frontal picture is one, and of each turn both turned ones are one. */
  repeatedFrames: { make: repeatedFrames, bar: 'recognised' },
  /** The same, said to have been taken within a second. */
  timeCompressed: { make: timeCompressed, bar: 'recognised' },
  /** One person begins, another goes on. */
  secondPerson: { make: secondPerson, bar: 'notAccepted' },
  /** Turns of a recording nobody has seen yet, which are not those that are drawn. */
  preRecordedTurns: { make: preRecordedTurns, bar: 'notAccepted' },
} satisfies Record<string, Species>;

export type SpeciesName = keyof typeof SPECIES;

async function screenReplay(stage: Stage, border: Border): Promise<Presentation> {
  const { recording, challenge, landmarker, random } = stage;
  const captured = await capture(challenge, onScreen(recording, border, random), landmarker, random);
  return { captured, earlier: [], person: recording.person };
}
