/**
 * Prints what the element costs, compared with the bare inference of the same frames in the same run. Long tasks
 * include those that show guidance.
 */
import { percentile } from '../../percentile.js';
import type { Run } from './runs.js';

/** @returns the bars that were not met, a line each */
export function printCosts(runs: Run[]): string[] {
  const frames = runs.flatMap(({ recording }) => recording.entries.filter((entry) => entry.type === 'frame'));
  const inference = frames.map(({ timing }) => timing.inference);
  const measurement = frames.map(({ timing }) => timing.measurement);
  const latency = frames.map((frame) => frame.latency);
  // The ratio of medians: in a ratio of sums, the slow first inference would hide part of the rest.
  const share = percentile(measurement, 0.5) / percentile(inference, 0.5);
  console.log(`\n${frames.length} frames, milliseconds p50 / p95`);
  console.log(`  bare inference                   ${spread(inference, 1)}`);
  console.log(
    `  measuring, guiding, keeping      ${spread(measurement, 1)}  = ${(100 * share).toFixed(0)} % of the inference (bar 25 %)`,
  );
  console.log(`  callback → guidance in the window ${spread(latency, 1)}`);
  const long = runs.flatMap(({ longTasks }) => longTasks);
  console.log(
    `  main-thread tasks over 50 ms while filming: ${long.length} in ${runs.length} runs ${long.map(Math.round).join(' ')}`,
  );
  return [
    // If nothing was measured, the share is NaN, which counts as not met.
    ...(!(share <= 0.25) ? [`measuring, guiding and keeping cost ${(100 * share).toFixed(0)} % of the inference`] : []),
    ...(long.length > 0 ? [`${long.length} main-thread tasks over 50 ms`] : []),
  ];
}

/** p50 and p95, such as `12 / 30`. */
export function spread(values: number[], digits = 0): string {
  return `${percentile(values, 0.5).toFixed(digits)} / ${percentile(values, 0.95).toFixed(digits)}`;
}
