/** What is put before the judge in one run. */
import type { ActiveMotion } from '../../../src/protocol/wire.js';
import type { Landmarker } from '../../../demo/server/judge/default/landmarker.js';
import { capture, type Captured } from './material/capture.js';
import { RECORDINGS, type Recording } from './material/recordings.js';
import { drawChallenge, drawSetting, livePerson } from './material/scenes.js';
import { Random } from './random.js';

export interface Presentation {
  captured: Captured;
  /** Judged before it, each in a session of its own: what a replay is taken from. */
  earlier: Captured[];
  /** Milliseconds from the attempt's start until the frames had arrived; by default it leaves time enough. */
  elapsedInMs?: number;
  /** Encoded image to compare with. */
  verifyImage?: Uint8Array<ArrayBuffer>;
  /** Who it is or pretends to be, and any name will do: which comparisons are of one person. */
  person?: string;
}

/** What the built-in material is made of. */
export interface Stage {
  landmarker: Landmarker;
  random: Random;
  recording: Recording;
  /** What the service draws for this attempt. */
  challenge: ActiveMotion[];
}

/** Seeds far apart, so that no run of one seed is a run of the next. */
const SEED_STEP = 1_000_000;

/**
 * @param smile true: somebody who smiles in a recording, and a smile among what is asked
 * @returns the same for the same seed and run, whichever species is made of it
 */
export function stageOf(landmarker: Landmarker, seed: number, run: number, smile: boolean): Stage {
  const random = new Random(seed * SEED_STEP + run);
  const recordings = RECORDINGS.filter(({ turns }) => !smile || turns.smile);
  const recording = recordings[run % recordings.length] ?? random.pick(RECORDINGS);
  return { landmarker, random, recording, challenge: drawChallenge(recording, random, smile) };
}

/** A live person in a setting of their own. */
export function live(
  { landmarker, random }: Stage,
  recording: Recording,
  challenge: ActiveMotion[],
): Promise<Captured> {
  return capture(challenge, livePerson(recording, drawSetting(random), random), landmarker, random);
}

export async function bonafide(stage: Stage): Promise<Presentation> {
  const { recording, challenge } = stage;
  return { captured: await live(stage, recording, challenge), earlier: [], person: recording.person };
}
