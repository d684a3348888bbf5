/** What is submitted to the judge in one run. */
import type { ActiveMotion } from '../../../src/protocol/wire.js';
import type { Landmarker } from '../../../demo/server/judge/default/landmarker.js';
import { capture, type Captured } from './material/capture.js';
import { RECORDINGS, type Recording } from './material/recordings.js';
import { drawChallenge, drawSetting, livePerson } from './material/scenes.js';
import { Random } from './random.js';

export interface Presentation {
  captured: Captured;
  /** Submissions judged before, each in a session of its own: the originals of a replay. */
  earlier: Captured[];
  /** Milliseconds from the attempt's start until the frames had arrived; the default leaves enough time. */
  elapsedInMs?: number;
  /** Encoded image to compare with. */
  verifyImage?: Uint8Array<ArrayBuffer>;
  /** Any name for the person it shows or pretends to show: it tells which comparisons are of one person. */
  person?: string;
}

/** What a run of the built-in material is made from. */
export interface Stage {
  landmarker: Landmarker;
  random: Random;
  recording: Recording;
  /** The challenge, as the service would draw it for this attempt. */
  challenge: ActiveMotion[];
}

/** Distance between seeds, so that no run of one seed equals a run of the next. */
const SEED_STEP = 1_000_000;

/**
 * @param smile true: a person who smiles in a recording, and a smile in the challenge
 * @returns the same for the same seed and run, whatever the species
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
