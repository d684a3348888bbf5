/**
 * The recordings of real people: three webcam and studio recordings of two men, and the times at which they look in
 * each direction, which were read off the head pose in every frame. Left and right are the person's own.
 */
import { HEAD_TURNS, type ActiveMotion, type HeadTurn } from '../../../../src/protocol/wire.js';
import { clipFrames, type Clip } from './clip.js';

/** Start and end, in seconds from the start of the clip. */
type Span = readonly [number, number];

export interface Recording {
  name: string;
  person: 'A' | 'B';
  clip: Clip['name'];
  /** The part of the clip's picture that a phone would see, in pixels of the clip, with an aspect ratio of 3:4. */
  crop: { left: number; top: number; width: number; height: number };
  frontal: Span[];
  /** When the person begins each motion, and when the head is turned or smiling. Other motions do not occur. */
  turns: Partial<Record<ActiveMotion, { way: Span; turned: Span }>>;
}

export const RECORDINGS: Recording[] = [
  {
    name: 'webcam',
    person: 'A',
    clip: 'cap12_edit',
    crop: { left: 95, top: 0, width: 225, height: 300 },
    // He smiles between these two spans.
    frontal: [
      [1, 6.6],
      [10.8, 18.5],
    ],
    turns: {
      lookRight: { way: [19.44, 19.6], turned: [19.72, 20.24] },
      lookLeft: { way: [20.72, 20.84], turned: [20.96, 21.4] },
      lookDown: { way: [22.32, 22.48], turned: [22.72, 23.36] },
      lookUp: { way: [23.96, 24.08], turned: [24.24, 24.8] },
      smile: { way: [6.84, 6.96], turned: [7.2, 8.6] },
    },
  },
  {
    name: 'webcam, another day',
    person: 'A',
    clip: 'cap13_edit2',
    crop: { left: 88, top: 0, width: 225, height: 300 },
    frontal: [[18.12, 19.84]],
    turns: {
      lookRight: { way: [21.24, 21.32], turned: [21.48, 21.84] },
      lookLeft: { way: [19.96, 20.04], turned: [20.12, 20.72] },
      lookUp: { way: [24.08, 24.32], turned: [26.04, 26.4] },
    },
  },
  {
    name: 'studio',
    person: 'B',
    clip: 'franck',
    crop: { left: 97, top: 0, width: 216, height: 288 },
    // He smiles after this span.
    frontal: [[92, 95.8]],
    turns: {
      lookRight: { way: [167.56, 167.72], turned: [167.84, 168.36] },
      lookLeft: { way: [44.6, 44.72], turned: [44.8, 45.36] },
      lookDown: { way: [159.08, 159.2], turned: [159.32, 159.68] },
      lookUp: { way: [100.44, 100.6], turned: [101.2, 101.72] },
      smile: { way: [96.2, 96.6], turned: [97.2, 99.4] },
    },
  },
];

const FRAMES_PER_SECOND = 25;

export function directionsOf({ turns }: Recording): HeadTurn[] {
  return HEAD_TURNS.filter((turn) => turns[turn]);
}

/** @returns path of the frame at that second of the clip @throws Error if the second is in none of the spans */
export async function frameAt({ clip, frontal, turns }: Recording, second: number): Promise<string> {
  const spans = [...frontal, ...Object.values(turns).flatMap(({ way, turned }) => [way, turned])];
  const span = spans.find(([from, to]) => second >= from && second <= to);
  if (!span) throw new Error(`Second ${second} of ${clip} is in no span`);
  const frames = await clipFrames({ name: clip, from: span[0], to: span[1], framesPerSecond: FRAMES_PER_SECOND });
  const frame = frames[Math.min(frames.length - 1, Math.floor((second - span[0]) * FRAMES_PER_SECOND))];
  if (!frame) throw new Error(`No frame at second ${second} of ${clip}`);
  return frame.file;
}
