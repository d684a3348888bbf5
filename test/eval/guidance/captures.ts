/** Evaluates whole captures: prints what was measured, with the bars. */
import type { ActorOptions } from '../../fixtures/page/actor.js';
import { percentile } from '../../percentile.js';
import { Random } from '../decisions/random.js';
import { REFUSED } from '../refused.js';
import { printCosts, spread } from './costs.js';
import { openStage, randomDirections, runCapture, timeToCapture, type Run } from './runs.js';

const PASSIVE_AT_MOST_MS = 1_500;
const RUNS = Number(process.env.RUNS ?? 50);
const SEED = Number(process.env.SEED ?? 1);
const DISHONEST: ActorOptions['behaviour'][] = ['still', 'wrongWay', 'photoShifted'];

/** @returns the bars that were not met, a line each */
export async function evaluateCaptures(): Promise<string[]> {
  const failures: string[] = [];
  const stage = await openStage();
  const random = new Random(SEED);
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
    for (let run = 0; run < RUNS; run++) honest.push(await runCapture(stage, 'honest', randomDirections(4, random)));
    const complete = honest.filter(({ outcome }) => outcome.result);
    console.log(
      `PassiveActive, four random directions (seed ${SEED}), honest actor: ${complete.length} of ${RUNS} complete, ${spread(honest.map(timeToCapture))} ms`,
    );
    for (const { directions, outcome } of honest) {
      if (!outcome.result) failures.push(`honest ${directions.join(' ')}: ${outcome.error?.code}`);
    }

    let passed = 0;
    for (let run = 0; run < RUNS; run++) {
      const behaviour = DISHONEST[run % DISHONEST.length] as ActorOptions['behaviour'];
      const { outcome, directions } = await runCapture(stage, behaviour, randomDirections(4, random));
      const code = outcome.error?.code ?? '';
      if (outcome.result) {
        passed += 1;
        failures.push(`${behaviour} completed ${directions.join(' ')}`);
      } else if (!REFUSED.includes(code)) failures.push(`${behaviour} ended with ${code}, which shows nothing`);
    }
    console.log(`PassiveActive, ${DISHONEST.join(', ')}: ${passed} of ${RUNS} complete (bar: none)`);
    failures.push(...printCosts([...passive, ...honest]));
  } finally {
    await stage.close();
  }
  return failures;
}
