/**
 * `npm run eval:decisions`: how often the default judge is right, by ISO/IEC 30107-3's measures. Without arguments on
 * built-in material; `--bonafide DIR --attack DIR` on recorded submissions.
 */
import { parseArgs } from 'node:util';
import { loadLandmarker } from '../../../demo/server/judge/default/landmarker.js';
import type { Judgement } from '../../../demo/server/judge/judge.js';
import { ATTACKS, live, type Species, type Stage } from './attacks.js';
import { ASSETS, openCourt } from './court.js';
import { RECORDINGS } from './material/recordings.js';
import { drawChallenge } from './material/scenes.js';
import { Random } from './random.js';
import { describeRate } from './statistics.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    species: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

console.log(
  'Simulated attacks on few people are no certificate: these figures compare versions of this judge, no more.\n',
);

const runs = Number(values.runs);
const landmarker = await loadLandmarker(ASSETS);
const wanted = ['bonafide', ...Object.keys(ATTACKS)].filter(
  (name) => !values.species || values.species.split(',').includes(name),
);
for (const name of wanted) {
  const court = await openCourt();
  const tally: Record<string, number> = {};
  const decisions: Record<string, number> = { realface: 0, uncertain: 0, spoofface: 0 };
  for (let run = 0; run < runs; run++) {
    const random = new Random(Number(values.seed) * 1000 + run);
    const recording = RECORDINGS[run % RECORDINGS.length] ?? random.pick(RECORDINGS);
    const stage: Stage = { court, landmarker, random, recording, challenge: drawChallenge(recording, random) };
    const captured =
      name === 'bonafide' ? await live(stage, recording, stage.challenge) : await ATTACKS[name as Species](stage);
    const judgement: Judgement = await court.decide(captured);
    decisions[judgement.livenessDecision] = (decisions[judgement.livenessDecision] ?? 0) + 1;
    const label = `${judgement.livenessDecision} ${judgement.reason ?? ''}`;
    tally[label] = (tally[label] ?? 0) + 1;
    if (values.verbose) {
      const findings = (judgement.evidence?.findings ?? []) as { name: string; finding: string; value: unknown }[];
      console.log(
        run,
        recording.name,
        label,
        findings
          .filter(({ finding }) => finding !== 'supports')
          .map(({ name: n, value }) => `${n}=${typeof value === 'number' ? value.toFixed(4) : value}`)
          .join(' '),
      );
      console.log(
        '    ',
        findings.map(({ name: n, value }) => `${n}=${typeof value === 'number' ? value.toFixed(4) : ''}`).join(' '),
      );
    }
  }
  console.log(
    name.padEnd(18),
    JSON.stringify(tally),
    describeRate({
      count: name === 'bonafide' ? runs - (decisions.realface ?? 0) : (decisions.realface ?? 0),
      of: runs,
    }),
  );
  await court.close();
}
process.exit(0);
