/**
 * Simulated presentation attacks, each with the same questions drawn as for a live person. The client is honest or not,
 * as the attack needs; where it measures, it measures what is in front of it. `docs/decisions.md` says what they are not.
 */
import sharp from 'sharp';
import type { HeadTurn } from '../../../src/protocol/wire.js';
import type { Landmarker } from '../../../demo/server/judge/default/landmarker.js';
import type { Court } from './court.js';
import { capture, measured, type Captured, type Scene } from './material/capture.js';
import { blank, decodePicture, draw, encodeJpeg, expose, loadPicture, tilted } from './material/picture.js';
import { frameAt, RECORDINGS, type Recording } from './material/recordings.js';
import { CAMERA, drawChallenge, drawSetting, livePerson, momentsOf, viewOf } from './material/scenes.js';
import type { Random } from './random.js';

export interface Stage {
  court: Court;
  landmarker: Landmarker;
  random: Random;
  recording: Recording;
  challenge: HeadTurn[];
}

type Attack = (stage: Stage) => Promise<Captured>;

/** In which way a turn is asked for, in the picture. */
const TOWARDS: Record<HeadTurn, [x: number, y: number]> = {
  lookLeft: [1, 0],
  lookRight: [-1, 0],
  lookUp: [0, -1],
  lookDown: [0, 1],
};

export const ATTACKS = {
  /** On a stand. */
  stillPhoto: (stage) => photo(stage, () => ({ yaw: 0, pitch: 0, x: 0, y: 0, scale: 1 }), 0),

  photoShifted: (stage) =>
    photo(stage, (x, y) => ({ yaw: 0, pitch: 0, x: 0.15 * x * CAMERA.width, y: 0.15 * y * CAMERA.height, scale: 1 })),

  photoTilted: (stage) => {
    const angle = stage.random.between(20, 45) * stage.random.pick([-1, 1]);
    return photo(stage, (x, y) => ({ yaw: angle * x, pitch: angle * y, x: 0, y: 0, scale: 0.9 }));
  },

  /** A recording that shows every turn that is asked for: whoever plays it can choose the moment. */
  screenReplay: ({ recording, challenge, landmarker, random }) =>
    capture(challenge, onScreen(recording, random), landmarker, random),

  /** The whole of an earlier session once more, where the same turns happen to be drawn. */
  sessionReplay: async (stage) => {
    const earlier = await live(stage, stage.recording, stage.challenge);
    await stage.court.decide(earlier);
    return resend(earlier, stage.random, () => true);
  },

  /** A session of now, its turned frames out of an earlier one: of the same person, or of another. */
  framesSwapped: async (stage) => {
    const recording = stage.random.next() < 0.5 ? stage.recording : another(stage);
    const earlier = await live(stage, recording, stage.challenge);
    await stage.court.decide(earlier);
    const now = await live(stage, stage.recording, stage.challenge);
    const old = await resend(earlier, stage.random, (step) => step !== 'passive');
    return combine(now, old, (index) => now.manifest.frames[index]?.step !== 'passive');
  },

  repeatedFrames: async (stage) => {
    const captured = await live(stage, stage.recording, stage.challenge);
    return repeat(captured, stage.random);
  },

  /** One person begins, another goes on. */
  secondPerson: async (stage) => {
    const first = await live(stage, stage.recording, stage.challenge);
    const second = await live(stage, another(stage), stage.challenge);
    const turn = first.manifest.frames.findIndex(({ step }) => step === stage.random.pick(stage.challenge));
    return combine(first, second, (index) => index >= turn);
  },

  /** Turns of a recording nobody has seen yet, which are not those that are drawn. */
  preRecordedTurns: async (stage) => {
    const recorded = await live(stage, stage.recording, otherChallenge(stage));
    const frames = recorded.manifest.frames.map((frame, index) => ({
      ...frame,
      step: stepAt(index, stage.challenge) ?? frame.step,
    }));
    return { ...recorded, manifest: { ...recorded.manifest, frames }, challenge: stage.challenge };
  },
} satisfies Record<string, Attack>;

export type Species = keyof typeof ATTACKS;

/** A live person in a setting of their own. */
export function live({ landmarker, random }: Stage, recording: Recording, challenge: HeadTurn[]): Promise<Captured> {
  return capture(challenge, livePerson(recording, drawSetting(random), random), landmarker, random);
}

interface Pose {
  yaw: number;
  pitch: number;
  x: number;
  y: number;
  scale: number;
}

/** One picture of the person, held by a hand before a wall; `pose` says where it goes for a turn that is asked towards (x, y). */
async function photo(stage: Stage, pose: (x: number, y: number) => Pose, tremor = 3): Promise<Captured> {
  const { recording, random, challenge, landmarker } = stage;
  const setting = drawSetting(random);
  const source = await loadPicture(await frameAt(recording, momentsOf(recording, random)(HOLD_SHOT)));
  const print = blank(CAMERA.width, CAMERA.height, [128, 128, 128]);
  draw(print, source, viewOf(recording, { ...setting, sway: 0, swayAngle: 0 }, 0));
  const filling = random.between(0.95, 1.25);
  const scene: Scene = async (shot, moment) => {
    const [x, y] = shot.step === 'passive' ? [0, 0] : TOWARDS[shot.step];
    const share = shot.role === 'way' ? 0.5 : 1;
    const to = pose(x * share, y * share);
    const picture = blank(CAMERA.width, CAMERA.height, [150, 142, 128]);
    const shaken = (): number => moment.between(-tremor, tremor);
    const middle: [number, number] = [CAMERA.width / 2 + to.x + shaken(), CAMERA.height / 2 + to.y + shaken()];
    draw(picture, print, tilted(print, { ...to, scale: to.scale * filling, middle, size: CAMERA.height }));
    expose(picture, setting.noise, 1, moment);
    return picture;
  };
  return capture(challenge, scene, landmarker, random);
}

const HOLD_SHOT = { role: 'hold', turn: -1, step: 'passive', time: 0 } as const;

/** A tablet before the camera: a dark frame, glare, the panel's black that is not quite black, a wall around it. */
function onScreen(recording: Recording, random: Random): Scene {
  const setting = { ...drawSetting(random), noise: 0 };
  const person = livePerson(recording, setting, random);
  const bezel = Math.round(random.between(0.03, 0.07) * CAMERA.width);
  const tablet = { width: CAMERA.width + 2 * bezel, height: CAMERA.height + 2 * bezel };
  const view = {
    yaw: random.between(-8, 8),
    pitch: random.between(-8, 8),
    scale: random.between(0.78, 0.88),
    size: CAMERA.height,
  };
  const [wall, glare, noise] = [random.between(90, 170), random.between(0, 24), random.between(1.5, 3)];
  return async (shot, moment) => {
    const shown = await person(shot, moment);
    const device = blank(tablet.width, tablet.height, [18, 18, 20]);
    draw(device, shown, [1, 0, bezel, 0, 1, bezel, 0, 0, 1]);
    for (let at = 0; at < device.data.length; at += 4) {
      const lighter = 12 + glare * Math.max(0, 1 - Math.abs(((at >> 2) % tablet.width) / tablet.width - 0.7) * 4);
      for (let channel = 0; channel < 3; channel++) {
        device.data[at + channel] = Math.min(255, (device.data[at + channel] ?? 0) * 0.92 + lighter);
      }
    }
    const picture = blank(CAMERA.width, CAMERA.height, [wall, wall * 0.95, wall * 0.88]);
    const drift = 3 * Math.sin(shot.time / 900);
    const middle: [number, number] = [CAMERA.width / 2 + drift, CAMERA.height / 2 - drift];
    draw(picture, device, tilted(device, { ...view, middle }));
    expose(picture, noise, 1, moment);
    return picture;
  };
}

/** As it was, encoded anew, made smaller, or with noise. The manifest is the earlier one. */
async function resend(captured: Captured, random: Random, which: (step: string) => boolean): Promise<Captured> {
  const way = random.pick(['exact', 'encoded', 'smaller', 'noisy'] as const);
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

/** Every frontal picture is the first one, and of each turn the second turned one is the first. */
async function repeat({ manifest, frames, challenge }: Captured, random: Random): Promise<Captured> {
  const quality = random.pick([null, 60, 75, 85]);
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
        : await encodeJpeg(await decodePicture(sent.bytes), quality + (index % 10));
    result.manifest.frames.push({ ...listed, fileName, timeOffsetInMs, step });
    result.frames.push({ ...sent, fileName, bytes: encoded });
  }
  return result;
}

/** Frames of `second` where `takes` says so, under the names and times of `first`. */
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

/** Also a person who knows all but the order. */
function otherChallenge({ recording, challenge, random }: Stage): HeadTurn[] {
  for (;;) {
    const other = drawChallenge(recording, random);
    if (other.join() !== challenge.join()) return other;
  }
}

/** The step a frame of `planShots` has. */
function stepAt(index: number, challenge: readonly HeadTurn[]): HeadTurn | undefined {
  const inTurn = index - 6;
  return inTurn < 0 || inTurn % 4 === 0 ? undefined : challenge[Math.floor(inTurn / 4)];
}

export { measured };
