/** Evaluates whole sessions, with an honest actor and with dishonest ones. */
import type { Behaviour } from '../../fixtures/page/actor.js';
import { REFUSED } from '../refused.js';
import type { Settings } from './built-in.js';
import { System } from './system.js';
import { HOW_COUNTED, table } from './table.js';
import { count, emptyTally, shortcomings, type Tally } from './tally.js';

const DISHONEST: Behaviour[] = ['still', 'wrongWay', 'photoShifted', 'photoTilted'];
/** Dishonest actors get fewer runs, because they never get through and wait for the element's deadlines. */
const SHARE_OF_DISHONEST = 1 / 5;

/** @returns the bars that were not met, in words */
export async function evaluateSystem({ runs, seed, smile, verbose }: Settings): Promise<string[]> {
  const system = await System.start(smile);
  const tallies: Tally[] = [];
  const broken: string[] = [];
  try {
    for (const behaviour of ['honest', ...DISHONEST] as const) {
      const tally = emptyTally(behaviour === 'honest' ? null : behaviour);
      const length = behaviour === 'honest' ? runs : Math.ceil(runs * SHARE_OF_DISHONEST);
      for (let run = 0; run < length; run++) {
        const { decision, reason, evidence } = await system.run(seed * 1_000_000 + run, behaviour);
        count(tally, decision ?? 'ended', reason);
        if (behaviour !== 'honest' && decision === null && !REFUSED.includes(reason)) {
          broken.push(`${behaviour} ${run + 1} ended with ${reason}, which shows nothing`);
        }
        console.error(`${behaviour} ${run + 1} of ${length}: ${decision ?? 'nothing sent'} ${reason}`);
        if (verbose) console.log(JSON.stringify(evidence));
      }
      tallies.push(tally);
    }
  } finally {
    await system.stop();
  }
  console.log(`\nWhole sessions, seed ${seed}: an actor, the built element in a browser, the built service.`);
  console.log(`\n${table(tallies)}\n\n${HOW_COUNTED}`);
  const short = tallies.flatMap((tally) => shortcomings(tally, tally.species === null ? 'accepted' : 'notAccepted'));
  return [...broken, ...short];
}
