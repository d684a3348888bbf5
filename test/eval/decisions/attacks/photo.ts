/** Attacks with one photograph of the person, held in a hand in front of a wall. */
import type { ActiveMotion } from '../../../../src/protocol/wire.js';
import { capture, type Scene } from '../material/capture.js';
import { blank, draw, expose, loadPicture, tilted } from '../material/picture.js';
import { frameAt } from '../material/recordings.js';
import { CAMERA, drawSetting, momentsOf, viewOf } from '../material/scenes.js';
import type { Presentation, Stage } from '../presentation.js';

/** The direction of each motion in the camera's picture, which is not mirrored. */
const TOWARDS: Record<ActiveMotion, [x: number, y: number]> = {
  lookLeft: [1, 0],
  lookRight: [-1, 0],
  lookUp: [0, -1],
  lookDown: [0, 1],
  smile: [0, 0],
};

const AT_REST = { yaw: 0, pitch: 0, x: 0, y: 0, scale: 1 };

/** How far the photograph is moved, as a share of the picture. */
const SHIFT = 0.15;

export function stillPhoto(stage: Stage): Promise<Presentation> {
  return photo(stage, () => AT_REST, 0);
}

export function photoShifted(stage: Stage): Promise<Presentation> {
  return photo(stage, (x, y) => ({ ...AT_REST, x: SHIFT * x * CAMERA.width, y: SHIFT * y * CAMERA.height }));
}

export function photoTilted(stage: Stage): Promise<Presentation> {
  const angle = stage.random.between(20, 45) * stage.random.pick([-1, 1]);
  return photo(stage, (x, y) => ({ ...AT_REST, yaw: angle * x, pitch: angle * y, scale: 0.9 }));
}

interface Pose {
  yaw: number;
  pitch: number;
  x: number;
  y: number;
  scale: number;
}

/** @param pose where the photograph is held for a turn in the direction (x, y) @param tremor of the hand, in pixels */
async function photo(stage: Stage, pose: (x: number, y: number) => Pose, tremor = 3): Promise<Presentation> {
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
  const captured = await capture(challenge, scene, landmarker, random);
  return { captured, earlier: [], person: recording.person };
}

const HOLD_SHOT = { role: 'hold', turn: -1, step: 'passive', time: 0 } as const;
