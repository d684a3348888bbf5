/** Lets the recorded clip take part in a session: it shows what the element asks for, as a person would. */
import type { GuidanceCode } from '../../src/protocol/guidance.js';
import { RecordedClip, type Clip, type Segment } from './recorded-clip.js';

/** A man in front of a webcam, 400 by 300 pixels; the crop puts his face, a third as wide as the frame, in its middle. */
const CLIP: Clip = { name: '/demo-clip/person', crop: { left: 45, top: 54, width: 328, height: 246 } };

/** Seconds of the clip. */
const FRONTAL: Segment = { from: 1, to: 18, then: 'repeat' };
const TURNS: Partial<Record<GuidanceCode, Segment>> = {
  lookLeft: { from: 20.7, to: 21.3, then: 'hold' },
  lookRight: { from: 19.4, to: 20.1, then: 'hold' },
  lookDown: { from: 22.2, to: 23.2, then: 'hold' },
  lookUp: { from: 23.8, to: 24.6, then: 'hold' },
};

/**
 * Puts the clip in the camera's place.
 *
 * @returns what puts the camera back.
 * @throws Error if the clip cannot be played.
 */
export async function insertActor(element: HTMLElement): Promise<() => void> {
  const clip = await RecordedClip.load(CLIP, FRONTAL);
  const remove = await clip.insert();
  const listening = new AbortController();
  let shown = FRONTAL;
  element.addEventListener(
    'liveness-guidance',
    ({ guidance }) => {
      const wanted = TURNS[guidance.code] ?? FRONTAL;
      if (wanted !== shown) clip.play(wanted);
      shown = wanted;
    },
    { signal: listening.signal },
  );
  return () => {
    listening.abort();
    remove();
  };
}
