/** What is submitted to the judge in one run. */
import type { ActiveMotion } from '../../../src/protocol/wire.js';
import type { Landmarker } from '../../../demo/server/judge/default/landmarker.js';
import { capture, type Captured } from './material/capture.js';
import { RECORDINGS, type Recording } from './material/recordings.js';
import { drawChallenge, drawSetting, livePerson } from './material/scenes.js';
import { Random } from './random.js';

export interface Presentation {
  captured: Captured;
  /** Submissions that were judged before, each in a session of its own, such as the original of a replay. */
  earlier: Captured[];
  /** Milliseconds from the attempt's start until the frames had arrived; the default is long enough for the frames. */
  elapsedInMs?: number;
  /** The encoded image of the person to compare with. */
  verifyImage?: Uint8Array<ArrayBuffer>;
  /** Any name of the person who is shown or imitated, which tells whether two faces are of one person. */
  person?: string;
}

/** What a presentation of the built-in material is made from. */
export interface Stage {
  landmarker: Landmarker;
  random: Random;
  recording: Recording;
  /** Drawn as the service would draw it for this attempt. */
  challenge: ActiveMotion[];
}

/** Distance between the random seeds of two `seed`s, so that no run of one equals a run of the next. */
const SEED_STEP = 1_000_000;

/**
 * @param smile true: the challenge has a smile, and the recording shows the person smiling
 * @returns the same stage for the same seed and run, whatever the species
 */
export function stageOf(landmarker: Landmarker, seed: number, run: number, smile: boolean): Stage {
  const random = new Random(seed * SEED_STEP + run);
  const recordings = RECORDINGS.filter(({ turns }) => !smile || turns.smile);
  const recording = recordings[run % recordings.length] ?? random.pick(RECORDINGS);
  return { landmarker, random, recording, challenge: drawChallenge(recording, random, smile) };
}

/** The submission of a live person, in a new random setting. */
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
