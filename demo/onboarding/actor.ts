/** Makes the recorded clip take part in a session: it plays the motions that the element asks for. */
import type { GuidanceCode } from '../../src/protocol/guidance.js';
import { RecordedClip, type Clip, type Segment } from './recorded-clip.js';

/** A man in front of a webcam, 400 by 300 pixels; the crop puts his face in the middle. */
const CLIP: Clip = { name: 'demo-clip/person', crop: { left: 61, top: 69, width: 291, height: 218 } };

/** Seconds of the clip. Left and right are the man's own. */
const FRONTAL: Segment = { from: 1, to: 3.9 };
const MOTIONS: Partial<Record<GuidanceCode, Segment>> = {
  lookRight: { from: 19.36, hold: 20, to: 20.56 },
  lookLeft: { from: 20.6, hold: 21.2, to: 21.96 },
  lookDown: { from: 22, hold: 23, to: 23.76 },
  lookUp: { from: 23.8, hold: 24.6, to: 25.36 },
  smile: { from: 6.7, hold: 7.6, to: 10.2 },
};

/**
 * Puts the clip in the camera's place.
 *
 * @returns a function that puts the camera back
 * @throws Error if the clip cannot be played
 */
export async function insertActor(element: HTMLElement): Promise<() => void> {
  const clip = await RecordedClip.load(CLIP, FRONTAL);
  const remove = await clip.insert();
  const listening = new AbortController();
  element.addEventListener('liveness-guidance', ({ guidance }) => clip.play(MOTIONS[guidance.code] ?? FRONTAL), {
    signal: listening.signal,
  });
  return () => {
    listening.abort();
    remove();
  };
}
