/** Scenes of real people in front of a camera that is not quite steady. */
import type { ActiveMotion } from '../../../../src/protocol/wire.js';
import type { Random } from '../random.js';
import type { Scene, Shot } from './capture.js';
import { blank, draw, expose, loadPicture, place } from './picture.js';
import { directionsOf, frameAt, type Recording } from './recordings.js';

/** Size of the camera's picture, in pixels. */
export const CAMERA = { width: 480, height: 640 };

/** How one session differs from another with the same recording: in the person's place, the light and the sway. */
export interface Setting {
  /** Offset of the person, in pixels of the camera's picture. */
  x: number;
  y: number;
  /** Above 1: the person is nearer. */
  zoom: number;
  gain: number;
  /** Standard deviation of the sensor's noise, 0…255. */
  noise: number;
  /** The movement of a hand or a chair: its amplitude in pixels and in degrees, and its phase. */
  sway: number;
  swayAngle: number;
  phase: number;
}

export function drawSetting(random: Random): Setting {
  return {
    x: random.between(-14, 14),
    y: random.between(-14, 14),
    zoom: random.between(1.06, 1.2),
    gain: random.between(0.9, 1.1),
    noise: random.between(1.5, 3),
    sway: random.between(2, 6),
    swayAngle: random.between(0.2, 0.8),
    phase: random.between(0, 2 * Math.PI),
  };
}

/**
 * Draws a challenge as the service does: three turns that this recording has, never the same twice in a row, and a
 * smile among them if `smile` is true.
 */
export function drawChallenge(recording: Recording, random: Random, smile: boolean): ActiveMotion[] {
  const challenge: ActiveMotion[] = [];
  while (challenge.length < 3) {
    challenge.push(random.pick(directionsOf(recording).filter((turn) => turn !== challenge.at(-1))));
  }
  if (smile) challenge.splice(random.pick([0, 1, 2, 3]), 0, 'smile');
  return challenge;
}

/** A scene with a person who does what is asked. */
export function livePerson(recording: Recording, setting: Setting, random: Random): Scene {
  const second = momentsOf(recording, random);
  return async (shot, moment) => {
    const source = await loadPicture(await frameAt(recording, second(shot)));
    const picture = blank(CAMERA.width, CAMERA.height, [118, 112, 104]);
    draw(picture, source, viewOf(recording, setting, shot.time));
    expose(picture, setting.noise, setting.gain, moment);
    return picture;
  };
}

/** Maps the recording to the camera's picture. @param time milliseconds, on which the sway depends */
export function viewOf({ crop }: Recording, setting: Setting, time: number): readonly number[] {
  const angle = (2 * Math.PI * time) / 2_300 + setting.phase;
  return place({
    x: crop.left + crop.width / 2,
    y: crop.top + crop.height / 2,
    toX: CAMERA.width / 2 + setting.x + setting.sway * Math.sin(angle),
    toY: CAMERA.height / 2 + setting.y + setting.sway * Math.cos(1.7 * angle),
    scale: (CAMERA.width / crop.width) * setting.zoom,
    angle: setting.swayAngle * Math.sin(0.8 * angle),
  });
}

/** Chooses the clip's second for each shot: the hold is played as recorded, later shots are random within a span. */
export function momentsOf(recording: Recording, random: Random): (shot: Shot) => number {
  const span = random.pick(recording.frontal);
  const start = random.between(span[0], span[1] - 1);
  let lastTurned = 0;
  return ({ role, turn, step, time }) => {
    if (role === 'hold') return start + time / 1000;
    if (role === 'centre' || step === 'passive') return random.between(span[0], span[1]);
    const spans = recording.turns[step];
    if (!spans) throw new Error(`${recording.name} has no ${step} for turn ${turn}`);
    if (role === 'way') {
      lastTurned = 0;
      return random.between(...spans.way);
    }
    const [from, to] = spans.turned;
    lastTurned = lastTurned === 0 ? random.between(from, (from + to) / 2) : random.between(lastTurned + 0.08, to);
    return lastTurned;
  };
}
