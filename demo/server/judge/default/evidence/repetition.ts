/** Whether pictures come again that cannot: within the attempt, or out of another. */
import type { Case, Evidence } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';

export function repetitionEvidence(submitted: Case): Evidence[] {
  return [repeatedFrames(submitted), seenBefore(submitted)];
}

function repeatedFrames({ manifest, analysis }: Case): Evidence {
  const { ms, sameFileMs, pairs } = THRESHOLDS.repeated;
  const timeOf = (index: number): number => manifest.frames[index]?.timeOffsetInMs ?? 0;
  const apart = ([a, b]: [number, number]): number => Math.abs(timeOf(a) - timeOf(b));
  const sameFile = ([a, b]: [number, number]): boolean => analysis.frames[a]?.sha256 === analysis.frames[b]?.sha256;
  const files = analysis.samePictures.filter((pair) => sameFile(pair) && apart(pair) >= sameFileMs);
  const pictures = analysis.samePictures.filter((pair) => apart(pair) >= ms);
  const repeated = files.length > 0 || pictures.length >= pairs;
  const found = files.length > 0 ? files : pictures;
  return {
    name: 'repeatedFrames',
    finding: repeated ? 'attack' : 'supports',
    ...(repeated ? { reason: 'RepeatedFrames' as const } : {}),
    value: found.length,
    atMost: files.length > 0 ? 0 : pairs - 1,
    unit: files.length > 0 ? 'pairs of one file' : 'pairs of one picture',
    frames: [...new Set(found.flat())].map((index) => analysis.frames[index]?.fileName ?? ''),
  };
}

/**
 * A file that was sent before is no camera's. A picture that only looks the same may be the same person in the same
 * chair; the moments of a head turn do not come again.
 */
function seenBefore({ manifest, sightings }: Case): Evidence {
  const sameFile = sightings.filter(({ exact }) => exact);
  const steps = new Map(manifest.frames.map(({ fileName, step }) => [fileName, step]));
  const turned = sightings.filter(({ fileName }) => steps.get(fileName) !== 'passive');
  const attempts = [...new Set(turned.map(({ attempt }) => attempt))];
  const counts = attempts.map((name) => turned.filter(({ attempt }) => attempt === name).length);
  const most = Math.max(0, ...counts);
  const replayed = sameFile.length > 0 || most >= THRESHOLDS.seenBefore.turned;
  return {
    name: 'seenBefore',
    finding: replayed ? 'attack' : 'supports',
    ...(replayed ? { reason: 'AnotherSession' as const } : {}),
    value: sameFile.length > 0 ? sameFile.length : most,
    atMost: sameFile.length > 0 ? 0 : THRESHOLDS.seenBefore.turned - 1,
    unit: sameFile.length > 0 ? 'files of another attempt' : 'turned frames of one other attempt',
    frames: (sameFile.length > 0 ? sameFile : turned).map(({ fileName }) => fileName),
  };
}
