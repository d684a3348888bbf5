/** A recording on a screen in front of the camera. */
import type { Scene } from '../material/capture.js';
import { blank, draw, expose, tilted } from '../material/picture.js';
import type { Recording } from '../material/recordings.js';
import { CAMERA, drawSetting, livePerson } from '../material/scenes.js';
import type { Random } from '../random.js';

/** Whether the camera sees the border of the screen. */
export type Border = 'inView' | 'outOfView';

/**
 * A tablet that plays the recording: with a dark frame, glare, blacks that are not quite black, and a wall around it.
 */
export function onScreen(recording: Recording, border: Border, random: Random): Scene {
  const setting = { ...drawSetting(random), noise: 0 };
  const person = livePerson(recording, setting, random);
  const bezel = Math.round(random.between(0.03, 0.07) * CAMERA.width);
  const tablet = { width: CAMERA.width + 2 * bezel, height: CAMERA.height + 2 * bezel };
  const view = {
    yaw: random.between(-8, 8),
    pitch: random.between(-8, 8),
    scale: border === 'inView' ? random.between(0.78, 0.88) : random.between(1.12, 1.2),
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
