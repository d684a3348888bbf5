/**
 * `npm run bench`: compares the cost of measuring, guiding and keeping pictures with the bare inference of the same
 * frames, and measures how long guidance takes to reach the page and how long the main thread is blocked. Makes whole
 * captures by an actor in a real browser, three of each kind; `RUNS=10` makes ten.
 */
import { buildChanged, SERVED } from '../../scripts/build.js';
import { printCosts } from '../eval/guidance/costs.js';
import { Random } from '../eval/decisions/random.js';
import { openStage, randomDirections, runCapture, type Run } from '../eval/guidance/runs.js';

await buildChanged(SERVED);
const stage = await openStage();
try {
  const runs: Run[] = [];
  const random = new Random(1);
  for (let run = 0; run < Number(process.env.RUNS ?? 3); run++) {
    runs.push(await runCapture(stage, 'honest', []), await runCapture(stage, 'honest', randomDirections(2, random)));
  }
  const failures = printCosts(runs);
  for (const { directions, outcome } of runs) {
    if (!outcome.result) failures.push(`${directions.join(' ') || 'passive'}: ${outcome.error?.code}`);
  }
  for (const failure of failures) console.log(`SHORT  ${failure}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
} finally {
  await stage.close();
}
