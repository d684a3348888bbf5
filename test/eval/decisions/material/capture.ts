/**
 * Makes a submission like the element's: the frames of the hold, then for each head turn one frontal frame, one on the
 * way and two turned ones, with a manifest measured by the element's own model. A scene provides what the camera sees.
 */
import type { ActiveMotion, CaptureManifest, CaptureStep } from '../../../../src/protocol/wire.js';
import type { Landmarker } from '../../../../demo/server/judge/default/landmarker.js';
import type { SubmittedFrame } from '../../../../demo/server/judge/judge.js';
import type { Random } from '../random.js';
import { encodeJpeg, type Picture } from './picture.js';

/** When a frame is to be taken, and what for. */
export interface Shot {
  /** Milliseconds since the first frame. */
  time: number;
  step: CaptureStep;
  /** Index of the drawn turn that it belongs to; -1 in the hold, and the number of turns after the last one. */
  turn: number;
  role: 'hold' | 'centre' | 'way' | 'turned';
}

/** What the camera sees at the time of the shot. `random` is for variations, such as noise. */
export type Scene = (shot: Shot, random: Random) => Promise<Picture>;

export interface Captured {
  manifest: CaptureManifest;
  frames: SubmittedFrame[];
  challenge: ActiveMotion[];
}

const HOLD = { frames: 6, ms: 900 };
const JPEG_QUALITY = 92;

function planShots(challenge: readonly ActiveMotion[], random: Random): Shot[] {
  const shots: Shot[] = [];
  for (let index = 0; index < HOLD.frames; index++) {
    const time = ((index + random.between(0.1, 0.9)) * HOLD.ms) / HOLD.frames;
    shots.push({ time, step: 'passive', turn: -1, role: 'hold' });
  }
  let time = HOLD.ms;
  challenge.forEach((direction, turn) => {
    time += random.between(700, 1_500);
    shots.push({ time, step: 'passive', turn, role: 'centre' });
    time += random.between(600, 1_200);
    shots.push({ time, step: direction, turn, role: 'way' });
    time += random.between(160, 400);
    shots.push({ time, step: direction, turn, role: 'turned' });
    time += random.between(80, 160);
    shots.push({ time, step: direction, turn, role: 'turned' });
  });
  if (challenge.length > 0) {
    shots.push({ time: time + random.between(600, 1_200), step: 'passive', turn: challenge.length, role: 'centre' });
  }
  const start = shots[0]?.time ?? 0;
  return shots.map((shot) => ({ ...shot, time: Math.round(shot.time - start) }));
}

/** @param landmarker measures the pictures for the manifest, as the element does before encoding */
export async function capture(
  challenge: ActiveMotion[],
  scene: Scene,
  landmarker: Landmarker,
  random: Random,
): Promise<Captured> {
  const frames: SubmittedFrame[] = [];
  const manifest: CaptureManifest = {
    attemptId: 1,
    mode: challenge.length > 0 ? 'PassiveActive' : 'Passive',
    camera: { width: 0, height: 0, frameRate: 30, label: 'simulated' },
    frames: [],
  };
  for (const { time, step, turn, role } of planShots(challenge, random)) {
    const picture = await scene({ time, step, turn, role }, random);
    const fileName = `frame-${String(frames.length).padStart(3, '0')}.jpg`;
    manifest.camera = { ...manifest.camera, width: picture.width, height: picture.height };
    manifest.frames.push({ fileName, timeOffsetInMs: time, step, ...measured(picture, landmarker) });
    frames.push({ fileName, type: 'image/jpeg', bytes: await encodeJpeg(picture, JPEG_QUALITY) });
  }
  return { manifest, frames, challenge };
}

type Measured = Pick<CaptureManifest['frames'][number], 'faceRectangle' | 'points' | 'measurements'>;

/** Of the `measurements`, only the pose is measured: the judge uses no other. */
function measured(picture: Picture, landmarker: Landmarker): Measured {
  const [face] = landmarker.find(picture);
  const nowhere = { x: 0, y: 0 };
  return {
    faceRectangle: face?.rectangle ?? { top: 0, left: 0, width: 0, height: 0 },
    points: face?.points ?? {
      leftEye: nowhere,
      rightEye: nowhere,
      noseTip: nowhere,
      mouthCentre: nowhere,
      chin: nowhere,
    },
    measurements: {
      ...{
        faceHeight: 0.6,
        offsetX: 0,
        offsetY: 0,
        aspect: 0.75,
        eyeOpenness: 0.3,
        mouthOpenness: 0,
        sharpness: 10,
        mouthWidth: 0.7,
      },
      ...{ faceBrightness: 0.5, backgroundBrightness: 0.5, clippedBright: 0, clippedDark: 0, sideLight: 0, motion: 0 },
      ...(face?.pose ?? { yaw: 0, pitch: 0, roll: 0 }),
    },
  };
}
