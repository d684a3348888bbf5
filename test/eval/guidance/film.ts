/** Evaluates guidance on the film set: in how many frames of each condition it says what is right. */
import { DEFAULT_POLICY } from '../../../src/protocol/policy.js';
import { type MeasuredSequence, measureFilmSet } from '../../fixtures/film/measure.js';
import { percentile } from '../../percentile.js';
import { cameraOf, judgeFrames, shortestShow, type FrameVerdict } from './judge-frames.js';

/**
 * Least share of right frames among the settled frames of each condition and camera: one with a fault, and a fine one.
 */
const RIGHT_AT_LEAST = 0.95;
const FINE_AT_LEAST = 0.98;
const SHOWN_AT_LEAST_MS = DEFAULT_POLICY.guidance.showMs;

/** Prints the table. @returns the bars that were not met, a line each */
export async function evaluateFilm(): Promise<string[]> {
  const measured = await measureFilmSet();
  const judged = measured.map(judgeFrames);
  const verdicts = judged.flat().filter(({ isSettled }) => isSettled);
  const failures: string[] = [];

  console.log('\nGuidance on the film set, settled frames of three cameras\n');
  for (const [condition, frames] of group(verdicts)) {
    const [first] = frames;
    if (!first) continue;
    const share = frames.filter(({ shown, expected }) => shown === expected).length / frames.length;
    const need = first.expected === 'holding' ? FINE_AT_LEAST : RIGHT_AT_LEAST;
    const mark = !first.isGated ? 'reported' : share >= need ? 'ok' : 'SHORT';
    console.log(
      `${condition.padEnd(42)} ${first.expected.padEnd(14)} ${percent(share)} of ${String(frames.length).padStart(3)}  ${mark.padEnd(9)}${others(frames)}`,
    );
    if (mark === 'SHORT') failures.push(`${condition}: ${percent(share)} right`);
  }
  const gated = verdicts.filter(({ isGated }) => isGated);
  const labelled = gated.filter(({ expected }) => expected !== 'holding');
  const fine = gated.filter(({ expected }) => expected === 'holding');
  const right = (frames: FrameVerdict[]) => frames.filter((f) => f.shown === f.expected).length / frames.length;
  console.log(`\nlabelled frames right ${percent(right(labelled))} (bar ${percent(RIGHT_AT_LEAST)})`);
  console.log(`fine frames without correction ${percent(right(fine))} (bar ${percent(FINE_AT_LEAST)})`);

  const shortest = Math.min(...judged.map(shortestShow));
  console.log(`shortest time a hint was shown: ${shortest.toFixed(0)} ms (bar ${SHOWN_AT_LEAST_MS} ms)`);
  // Infinity means that no hint ever replaced another: nothing was measured.
  if (!(shortest >= SHOWN_AT_LEAST_MS && shortest < Infinity))
    failures.push(`a hint was shown for ${shortest.toFixed(0)} ms`);
  if (process.env.FIGURES) printFigures(measured);
  return failures;
}

/** With `FIGURES=1`, prints the range of every measurement by condition and camera, for choosing thresholds. */
function printFigures(measured: MeasuredSequence[]): void {
  for (const { sequence, analyses } of measured) {
    const rows = analyses.flatMap(({ measurements }) => (measurements ? [measurements] : []));
    const first = rows[0];
    const faces = analyses.map(({ faceCount }) => faceCount);
    const light = analyses.map(({ brightness }) => brightness);
    const name = `${sequence.condition} ${cameraOf(sequence)}`;
    console.log(
      `\n${name}: faces ${range(faces)}, brightness ${range(light)}, change ${range(analyses.map((a) => a.change))}`,
    );
    for (const key of Object.keys(first ?? {}) as (keyof NonNullable<typeof first>)[]) {
      console.log(`  ${key.padEnd(22)} ${range(rows.map((row) => row[key]))}`);
    }
  }
}

function range(values: number[]): string {
  return [0, 0.5, 0.999].map((share) => percentile(values, share).toFixed(3)).join(' … ');
}

function group(verdicts: FrameVerdict[]): Map<string, FrameVerdict[]> {
  const groups = new Map<string, FrameVerdict[]>();
  for (const verdict of verdicts) {
    const name = `${verdict.condition} ${verdict.camera}`;
    groups.set(name, [...(groups.get(name) ?? []), verdict]);
  }
  return groups;
}

function others(frames: FrameVerdict[]): string {
  const counts = new Map<string, number>();
  for (const { shown, expected } of frames) {
    if (shown !== expected) counts.set(String(shown), (counts.get(String(shown)) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).padStart(5)} %`;
}
