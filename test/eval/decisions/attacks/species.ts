/**
 * Simulated presentation attacks, each with a challenge drawn as for a live person. The client is honest or not, as the
 * attack requires; an honest one measures what is in front of the camera. `docs/decisions.md` says what the attacks do
 * not cover.
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
  /** A photograph on a stand. */
  stillPhoto: { make: stillPhoto, bar: 'notAccepted' },
  /** A photograph that is moved in the direction that is asked for. */
  photoShifted: { make: photoShifted, bar: 'notAccepted' },
  /** A photograph that is tilted in the hand. */
  photoTilted: { make: photoTilted, bar: 'notAccepted' },
  /** A recording on a screen that shows every turn asked for: the attacker can choose what to play when. */
  screenReplay: { make: (stage) => screenReplay(stage, 'inView'), bar: 'recognised' },
  /** The same on a screen so close that its border is out of view: the judge cannot recognise it. */
  screenFillingView: { make: (stage) => screenReplay(stage, 'outOfView'), bar: 'none' },
  /** A complete earlier session sent again, in a session for which the same turns were drawn. */
  sessionReplay: { make: sessionReplay, bar: 'recognised' },
  /** The same with its frames encoded again, and a manifest that claims that no frame shows a turn. */
  sessionRelabelled: { make: sessionRelabelled, bar: 'recognised' },
  /** A live session with the turned frames of an earlier one, of the same person or of another. */
  framesSwapped: { make: framesSwapped, bar: 'recognised' },
  /** All frontal frames are one picture, and so are both turned frames of each turn. */
  repeatedFrames: { make: repeatedFrames, bar: 'recognised' },
  /** The same with a manifest that claims that all frames were taken within about a second. */
  timeCompressed: { make: timeCompressed, bar: 'recognised' },
  /** One person begins, another continues. */
  secondPerson: { make: secondPerson, bar: 'notAccepted' },
  /** A recording that was never sent before, with other turns than those drawn. */
  preRecordedTurns: { make: preRecordedTurns, bar: 'notAccepted' },
} satisfies Record<string, Species>;

export type SpeciesName = keyof typeof SPECIES;

async function screenReplay(stage: Stage, border: Border): Promise<Presentation> {
  const { recording, challenge, landmarker, random } = stage;
  const captured = await capture(challenge, onScreen(recording, border, random), landmarker, random);
  return { captured, earlier: [], person: recording.person };
}
