/** The bars of whole captures, printed with what was measured. */
import type { ActorOptions } from '../../fixtures/page/actor.js';
import { openStage, randomDirections, runCapture, timeToCapture, type Run } from './runs.js';

const PASSIVE_AT_MOST_MS = 1_500;
const RUNS = Number(process.env.RUNS ?? 50);
const DISHONEST: ActorOptions['behaviour'][] = ['still', 'wrongWay', 'photoShifted'];

/** @returns what falls short, a line each */
export async function evaluateCaptures(): Promise<string[]> {
  const failures: string[] = [];
  const stage = await openStage();
  try {
    const passive: Run[] = [];
    for (let run = 0; run < Math.ceil(RUNS / 2); run++) passive.push(await runCapture(stage, 'honest', []));
    const times = passive.map(timeToCapture);
    console.log(
      `\nPassive, ${passive.length} runs: first fine frame to captured ${spread(times)} ms (bar: median ${PASSIVE_AT_MOST_MS})`,
    );
    if (!(percentile(times, 0.5) <= PASSIVE_AT_MOST_MS)) failures.push(`passive median ${percentile(times, 0.5)} ms`);
    if (passive.some(({ outcome }) => !outcome.result)) failures.push('a passive run did not complete');

    const honest: Run[] = [];
    for (let run = 0; run < RUNS; run++) honest.push(await runCapture(stage, 'honest', randomDirections(4)));
    const complete = honest.filter(({ outcome }) => outcome.result);
    console.log(
      `PassiveActive, four random directions, honest actor: ${complete.length} of ${RUNS} complete, ${spread(honest.map(timeToCapture))} ms`,
    );
    for (const { directions, outcome } of honest) {
      if (!outcome.result) failures.push(`honest ${directions.join(' ')}: ${outcome.error?.code}`);
    }

    for (let run = 0; run < RUNS; run++) {
      const behaviour = DISHONEST[run % DISHONEST.length] as ActorOptions['behaviour'];
      const { outcome, directions } = await runCapture(stage, behaviour, randomDirections(4));
      if (outcome.result) failures.push(`${behaviour} completed ${directions.join(' ')}`);
    }
    const passed = failures.filter((line) => line.includes(' completed ')).length;
    console.log(`PassiveActive, ${DISHONEST.join(', ')}: ${passed} of ${RUNS} complete (bar: none)`);
    failures.push(...printCosts([...passive, ...honest]));
  } finally {
    await stage.close();
  }
  return failures;
}

/** Where the time goes: in the window, in the worker, and beside the bare inference of the same frames. */
function printCosts(runs: Run[]): string[] {
  const frames = runs.flatMap(({ recording }) => recording.entries.filter((entry) => entry.type === 'frame'));
  const inference = frames.map(({ timing }) => timing.inference);
  const measurement = frames.map(({ timing }) => timing.measurement);
  const latency = frames.map((frame) => frame.latency);
  const share = sum(measurement) / sum(inference);
  console.log(`\n${frames.length} frames, milliseconds p50 / p95`);
  console.log(`  bare inference              ${spread(inference, 1)}`);
  console.log(
    `  measurements                ${spread(measurement, 1)}  = ${(100 * share).toFixed(0)} % of the inference (bar 25 %)`,
  );
  console.log(`  callback → guidance shown   ${spread(latency, 1)}`);
  const long = runs.flatMap(({ longTasks }) => longTasks);
  console.log(
    `  main-thread tasks over 50 ms while filming: ${long.length} in ${runs.length} runs ${long.map(Math.round).join(' ')}`,
  );
  return [
    ...(share > 0.25 ? [`measurements cost ${(100 * share).toFixed(0)} % of the inference`] : []),
    ...(long.length > 0 ? [`${long.length} main-thread tasks over 50 ms`] : []),
  ];
}

function spread(values: number[], digits = 0): string {
  return `${percentile(values, 0.5).toFixed(digits)} / ${percentile(values, 0.95).toFixed(digits)}`;
}

function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
