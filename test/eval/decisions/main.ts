/**
 * `npm run eval:decisions`: how often the default judge is right, by the measures of ISO/IEC 30107-3. Without arguments
 * on the built-in material; with `--bonafide DIR` and `--attack DIR` on one's own recordings. `--help` lists the other
 * options.
 */
import { parseArgs } from 'node:util';
import { prepareAssets } from '../../../scripts/assets.js';
import { loadLandmarker } from '../../../demo/server/judge/default/landmarker.js';
import { evaluateBuiltIn, exportBuiltIn, NAMES as BUILT_IN } from './built-in.js';
import { ASSETS } from './court.js';
import { evaluateRecordings } from './recorded.js';
import { DISCLAIMER } from './table.js';
import { evaluateVerification } from './verification/evaluate.js';
import { portraits } from './verification/portraits.js';

const NAMES = [...BUILT_IN, 'verification', 'system'];

const HELP = `npm run eval:decisions -- [options]

  --runs N         presentations of each species (50)
  --seed N         of the built-in material (1)
  --species A,B    only these; bonafide, verification and system are such names too
  --smile          a smile is asked for too, of those who smile in a recording
  --verbose        every run with all its evidence
  --system         also whole sessions: an actor in a browser, the built element, the built service
  --bonafide DIR   recordings of one's own instead of the built-in material, see docs/decisions.md
  --attack DIR
  --export DIR     writes the built-in material as such recordings, and judges nothing
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    species: { type: 'string' },
    smile: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    system: { type: 'boolean', default: false },
    bonafide: { type: 'string' },
    attack: { type: 'string' },
    export: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** Options that choose built-in material, and mean nothing for recordings. */
const NOT_OF_RECORDINGS = ['runs', 'seed', 'species', 'smile', 'system', 'export'] as const;

function wholeNumber(name: 'runs' | 'seed', otherwise: number): number {
  const value = Number(values[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} has to be a whole number from 1, not "${values[name]}"`);
  return value;
}

async function evaluate(): Promise<string[]> {
  const settings = {
    runs: wholeNumber('runs', 50),
    seed: wholeNumber('seed', 1),
    smile: values.smile,
    verbose: values.verbose,
    only: values.species?.split(',') ?? null,
  };
  const { bonafide = null, attack = null, verbose } = values;
  const isRecorded = bonafide !== null || attack !== null;
  const idle = NOT_OF_RECORDINGS.find((name) => values[name]);
  if (isRecorded && idle)
    throw new Error(`--${idle} says nothing of recordings: leave it out, or --bonafide and --attack`);
  const unknown = settings.only?.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`There is no species "${unknown}", only ${NAMES.join(', ')}`);
  const unwritten = values.system ? '--system' : settings.only?.find((name) => !BUILT_IN.includes(name));
  if (values.export !== undefined && unwritten !== undefined)
    throw new Error(`${unwritten} is nothing to export: leave it out, or --export`);
  prepareAssets();
  const wanted = (name: string): boolean => settings.only?.includes(name) ?? true;
  const short: string[] = [];
  if (NAMES.some((name) => name !== 'system' && wanted(name))) {
    if (values.export !== undefined) await exportBuiltIn(values.export, settings, await loadLandmarker(ASSETS));
    else if (isRecorded) await evaluateRecordings({ bonafide, attack, verbose });
    else {
      const landmarker = await loadLandmarker(ASSETS);
      short.push(...(await evaluateBuiltIn(settings, landmarker)));
      if (wanted('verification')) short.push(...(await evaluateVerification(await portraits(), landmarker)));
    }
  }
  if (values.system || settings.only?.includes('system')) {
    const { evaluateSystem } = await import('./system-runs.js');
    short.push(...(await evaluateSystem(settings)));
  }
  return short;
}

if (values.help) {
  console.log(HELP);
} else {
  console.log(`${DISCLAIMER}\n`);
  const short = await evaluate();
  for (const line of short) console.log(`SHORT  ${line}`);
  process.exitCode = short.length > 0 ? 1 : 0;
}
// MediaPipe leaves threads that would keep the process running.
process.exit();
