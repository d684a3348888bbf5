/** Whether pictures recur that cannot: within the attempt, or from another attempt. */
import type { Case, Evidence, Reason } from './evidence.js';
import type { Sighting } from '../memory.js';
import { isFrontal, isHeadTurn, type Position } from './poses.js';
import { THRESHOLDS } from './thresholds.js';

export function repetitionEvidence(submitted: Case): Evidence[] {
  const positions = new Map(submitted.poses.map(({ fileName, position }) => [fileName, position]));
  return [repeatedFrames(submitted, positions), seenBefore(submitted, positions)];
}

/** Position of the head in each frame, as the judge measured it. */
type Positions = ReadonlyMap<string, Position>;

/**
 * A picture counts as repeated if it recurs after some time. The client only claims the times, so a picture also counts
 * if the head was in another position in between: a head that comes back never gives the same picture, however soon.
 */
function repeatedFrames({ manifest, analysis }: Case, positions: Positions): Evidence {
  const { ms, sameFileMs, pairs } = THRESHOLDS.repeated;
  const timeOf = (index: number): number => manifest.frames[index]?.timeOffsetInMs ?? 0;
  const apart = ([a, b]: [number, number]): number => Math.abs(timeOf(a) - timeOf(b));
  const sameFile = ([a, b]: [number, number]): boolean => analysis.frames[a]?.sha256 === analysis.frames[b]?.sha256;
  const wasElsewhere = ([a, b]: [number, number]): boolean => {
    const [position, ...between] = manifest.frames.slice(a, b).map(({ fileName }) => positions.get(fileName));
    return between.some((other) => other !== undefined && other !== 'between' && other !== position);
  };
  const again = (pair: [number, number], least: number): boolean => apart(pair) >= least || wasElsewhere(pair);
  const files = analysis.samePictures.filter((pair) => sameFile(pair) && again(pair, sameFileMs));
  const pictures = analysis.samePictures.filter((pair) => again(pair, ms));
  const repeated = files.length > 0 || pictures.length >= pairs;
  const found = files.length > 0 ? files : pictures;
  return {
    name: 'repeatedFrames',
    finding: repeated ? 'attack' : 'supports',
    reason: repeated ? 'RepeatedFrames' : undefined,
    value: found.length,
    atMost: files.length > 0 ? 0 : pairs - 1,
    unit: files.length > 0 ? 'pairs of one file' : 'pairs of one picture',
    frames: [...new Set(found.flat())].map((index) => analysis.frames[index]?.fileName ?? ''),
  };
}

/**
 * No camera produces a file that was sent before. A picture that only looks the same may show the same person in the
 * same chair; but the moments of a head turn do not recur, so several of them hardly ever look as before. A frame
 * belongs to a turn if it shows one, whatever the client says; and also if the client says so, because a head on its
 * way looks frontal.
 */
function seenBefore({ manifest, seenBefore: { sightings, cutOff } }: Case, positions: Positions): Evidence {
  const { doubt, attack } = THRESHOLDS.seenBefore;
  const files = foundIn(sightings.filter(({ exact }) => exact));
  if (files.frames.length > 0) return seen('attack', files, 'files of another attempt', 0);

  const steps = new Map(manifest.frames.map(({ fileName, step }) => [fileName, step]));
  const isTurned = (fileName: string): boolean =>
    isHeadTurn(steps.get(fileName)) || !isFrontal(positions.get(fileName) ?? 'frontal');
  const turned = sightings.filter(({ fileName }) => isTurned(fileName));
  const most = attemptsOf(turned)
    .map((name) => foundIn(turned.filter(({ attempt }) => attempt === name)))
    .reduce((best, next) => (next.frames.length > best.frames.length ? next : best), foundIn([]));
  const count = most.frames.length;
  if (count >= doubt) return seen(count >= attack ? 'attack' : 'doubts', most, COPIES, doubt - 1);

  // An attacker may hide a copy by first sending many pictures that resemble it. So a frame that was not compared with
  // all of them may be a copy.
  const perhaps = { ...most, frames: [...new Set([...most.frames, ...cutOff.filter(isTurned)])] };
  return perhaps.frames.length >= doubt
    ? seen('doubts', perhaps, 'turned frames another attempt has, or may have', doubt - 1, 'TooManyAlike')
    : seen('supports', most, COPIES, doubt - 1);
}

const COPIES = 'turned frames of one other attempt';

/**
 * Most attempts listed in the audit: enough to investigate, while a picture that is sent again and again has thousands.
 */
const MOST_ATTEMPTS = 5;

function seen(
  finding: Evidence['finding'],
  { frames, attempts }: Found,
  unit: string,
  atMost: number,
  reason: Reason = 'AnotherSession',
): Evidence {
  const why = finding === 'supports' ? {} : { reason, attempts: attempts.slice(0, MOST_ATTEMPTS) };
  return { name: 'seenBefore', finding, ...why, value: frames.length, atMost, unit, frames };
}

interface Found {
  frames: string[];
  attempts: string[];
}

/** Lists each frame once, however many frames of the other attempt it looks like. */
function foundIn(sightings: Sighting[]): Found {
  return { frames: [...new Set(sightings.map(({ fileName }) => fileName))], attempts: attemptsOf(sightings) };
}

function attemptsOf(sightings: Sighting[]): string[] {
  return [...new Set(sightings.map(({ attempt }) => attempt))];
}
