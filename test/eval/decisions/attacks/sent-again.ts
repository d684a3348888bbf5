/** Attacks with frames that were not taken for this session, that are repeated, or that show two people. */
import sharp from 'sharp';
import type { ActiveMotion } from '../../../../src/protocol/wire.js';
import type { Captured } from '../material/capture.js';
import { decodePicture, encodeJpeg, expose } from '../material/picture.js';
import { RECORDINGS, type Recording } from '../material/recordings.js';
import { drawChallenge } from '../material/scenes.js';
import { live, type Presentation, type Stage } from '../presentation.js';
import type { Random } from '../random.js';

export async function sessionReplay(stage: Stage): Promise<Presentation> {
  const earlier = await live(stage, stage.recording, stage.challenge);
  return { captured: await resend(earlier, stage.random, () => true), earlier: [earlier] };
}

/** Resends an earlier session with a manifest that claims that no frame shows a turn. */
export async function sessionRelabelled(stage: Stage): Promise<Presentation> {
  const earlier = await live(stage, stage.recording, stage.challenge);
  const again = await resend(earlier, stage.random, () => true, ['encoded', 'smaller', 'noisy']);
  const frames = again.manifest.frames.map((frame) => ({ ...frame, step: 'passive' as const }));
  return { captured: { ...again, manifest: { ...again.manifest, frames } }, earlier: [earlier] };
}

export async function framesSwapped(stage: Stage): Promise<Presentation> {
  const recording = stage.random.next() < 0.5 ? stage.recording : another(stage);
  const earlier = await live(stage, recording, stage.challenge);
  const now = await live(stage, stage.recording, stage.challenge);
  const old = await resend(earlier, stage.random, (step) => step !== 'passive');
  const captured = combine(now, old, (index) => now.manifest.frames[index]?.step !== 'passive');
  return { captured, earlier: [earlier] };
}

export async function repeatedFrames(stage: Stage): Promise<Presentation> {
  const captured = await live(stage, stage.recording, stage.challenge);
  return { captured: await repeat(captured, stage.random), earlier: [] };
}

/** Claims that all frames were taken within about a second, in which repeated pictures might be natural. */
export async function timeCompressed(stage: Stage): Promise<Presentation> {
  const captured = await live(stage, stage.recording, stage.challenge);
  const { manifest, ...repeated } = await repeat(captured, stage.random, [55, 65, 75]);
  let time = 0;
  const frames = manifest.frames.map((frame, index) => {
    // Hardly slower than the quickest turn that the judge allows, 100 ms.
    const turns = frame.step !== 'passive' && manifest.frames[index - 1]?.step === 'passive';
    time += turns ? 104 : 40;
    return { ...frame, timeOffsetInMs: time };
  });
  return { captured: { ...repeated, manifest: { ...manifest, frames } }, earlier: [] };
}

export async function secondPerson(stage: Stage): Promise<Presentation> {
  const first = await live(stage, stage.recording, stage.challenge);
  const second = await live(stage, another(stage), stage.challenge);
  const direction = stage.random.pick(stage.challenge);
  const turn = first.manifest.frames.findIndex(({ step }) => step === direction);
  return { captured: combine(first, second, (index) => index >= turn), earlier: [] };
}

export async function preRecordedTurns(stage: Stage): Promise<Presentation> {
  const recorded = await live(stage, stage.recording, otherChallenge(stage));
  const frames = recorded.manifest.frames.map((frame, index) => ({
    ...frame,
    step: stepAt(index, stage.challenge) ?? frame.step,
  }));
  const captured = { ...recorded, manifest: { ...recorded.manifest, frames }, challenge: stage.challenge };
  return { captured, earlier: [] };
}

/** Resends frames unchanged, encoded again, made smaller, or with noise, with the manifest of the earlier session. */
async function resend(
  captured: Captured,
  random: Random,
  which: (step: string) => boolean,
  ways: readonly ('exact' | 'encoded' | 'smaller' | 'noisy')[] = ['exact', 'encoded', 'smaller', 'noisy'],
): Promise<Captured> {
  const way = random.pick(ways);
  const quality = Math.round(random.between(60, 90));
  const frames = await Promise.all(
    captured.frames.map(async (frame, index) => {
      if (way === 'exact' || !which(captured.manifest.frames[index]?.step ?? '')) return frame;
      const picture = await decodePicture(frame.bytes);
      if (way === 'noisy') expose(picture, 2, 1, random);
      const encoded = await encodeJpeg(picture, quality);
      if (way !== 'smaller') return { ...frame, bytes: encoded };
      const [width, height] = [Math.round(picture.width * 0.8), Math.round(picture.height * 0.8)];
      const smaller = await sharp(encoded).resize(width, height).jpeg({ quality }).toBuffer();
      return { ...frame, bytes: new Uint8Array(smaller) };
    }),
  );
  if (way !== 'smaller') return { ...captured, frames };
  const manifestFrames = captured.manifest.frames.map((frame) =>
    which(frame.step) ? { ...frame, faceRectangle: smallerRectangle(frame.faceRectangle) } : frame,
  );
  return { ...captured, frames, manifest: { ...captured.manifest, frames: manifestFrames } };
}

function smallerRectangle(rectangle: Captured['manifest']['frames'][number]['faceRectangle']) {
  const { top, left, width, height } = rectangle;
  const scaled = (value: number): number => Math.round(value * 0.8);
  return { top: scaled(top), left: scaled(left), width: scaled(width), height: scaled(height) };
}

/**
 * Replaces every frontal picture by the first one, and the second turned picture of each turn by the first.
 *
 * @param qualities JPEG qualities, of which one is picked: each repeated frame is encoded slightly differently; with
 * null, they are all the same file
 */
async function repeat(
  { manifest, frames, challenge }: Captured,
  random: Random,
  qualities: readonly (number | null)[] = [null, 55, 65, 75],
): Promise<Captured> {
  const quality = random.pick(qualities);
  const source = (index: number): number => {
    const step = manifest.frames[index]?.step;
    if (step === 'passive') return 0;
    return step === manifest.frames[index - 1]?.step && step === manifest.frames[index - 2]?.step ? index - 1 : index;
  };
  const result: Captured = { manifest: { ...manifest, frames: [] }, frames: [], challenge };
  for (const [index, frame] of manifest.frames.entries()) {
    const from = source(index);
    const [listed, sent] = [manifest.frames[from], frames[from]];
    if (!listed || !sent) continue;
    const { fileName, timeOffsetInMs, step } = frame;
    const encoded =
      quality === null || from === index
        ? sent.bytes
        : await encodeJpeg(await decodePicture(sent.bytes), quality + index);
    result.manifest.frames.push({ ...listed, fileName, timeOffsetInMs, step });
    result.frames.push({ ...sent, fileName, bytes: encoded });
  }
  return result;
}

/** Takes frames of `second` where `takes` returns true, under the names and times of `first`. */
function combine(first: Captured, second: Captured, takes: (index: number) => boolean): Captured {
  return {
    ...first,
    manifest: {
      ...first.manifest,
      frames: first.manifest.frames.map((frame, index) => {
        const other = second.manifest.frames[index];
        const { fileName, timeOffsetInMs } = frame;
        return takes(index) && other ? { ...other, fileName, timeOffsetInMs } : frame;
      }),
    },
    frames: first.frames.map((frame, index) => {
      const other = second.frames[index];
      return takes(index) && other ? { ...other, fileName: frame.fileName } : frame;
    }),
  };
}

function another({ recording, challenge, random }: Stage): Recording {
  const others = RECORDINGS.filter(
    ({ person, turns }) => person !== recording.person && challenge.every((turn) => turns[turn]),
  );
  return random.pick(others);
}

/**
 * A challenge other than the drawn one, perhaps only in its order. It has a smile if that one has: with one motion
 * less, the manifest would be wrong whatever the pictures show.
 */
function otherChallenge({ recording, challenge, random }: Stage): ActiveMotion[] {
  for (;;) {
    const other = drawChallenge(recording, random, challenge.includes('smile'));
    if (other.join() !== challenge.join()) return other;
  }
}

/** @returns the motion asked for in that frame of `planShots` in `capture.ts`; undefined if the frame is frontal */
function stepAt(index: number, challenge: readonly ActiveMotion[]): ActiveMotion | undefined {
  const inTurn = index - 6;
  return inTurn < 0 || inTurn % 4 === 0 ? undefined : challenge[Math.floor(inTurn / 4)];
}
