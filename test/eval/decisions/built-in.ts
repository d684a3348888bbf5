/** Evaluates the judge on the built-in material: live people and every simulated attack. */
import { join } from 'node:path';
import type { Landmarker } from '../../../demo/server/judge/default/landmarker.js';
import { SPECIES, type Species } from './attacks/species.js';
import { writePresentation } from './dataset.js';
import { describeVerdict, evaluate, findingsOf, type Run } from './evaluate.js';
import { addFindings, describeMeasured, type Measured } from './measured.js';
import { bonafide, stageOf, type Presentation, type Stage } from './presentation.js';
import { HOW_COUNTED, table, worstSpecies } from './table.js';
import { shortcomings, type Tally } from './tally.js';

export interface Settings {
  /** Number of presentations of live people, and of each species of attack. */
  runs: number;
  seed: number;
  verbose: boolean;
  /** True: challenges contain a smile too. */
  smile: boolean;
  /** Which of `NAMES` to evaluate; null: all. */
  only: readonly string[] | null;
}

export const NAMES = ['bonafide', ...Object.keys(SPECIES)];

/** @returns the bars that were not met, in words */
export async function evaluateBuiltIn(settings: Settings, landmarker: Landmarker): Promise<string[]> {
  const tallies: Tally[] = [];
  const measured: Measured = new Map();
  const short: string[] = [];
  for (const name of wanted(settings)) {
    const { species, make, bar } = recipe(name);
    const runs = runsOf(make, settings, landmarker);
    const tally = await evaluate(species, runs, (run, verdict) => {
      addFindings(measured, species ?? 'bona fide', findingsOf(verdict));
      if (settings.verbose) console.log(`${name} ${run.name}: ${describeVerdict(verdict)}`);
    });
    console.error(`${name} done`);
    tallies.push(tally);
    short.push(...shortcomings(tally, bar));
  }
  if (tallies.length === 0) return [];
  console.log(
    `Built-in material, seed ${settings.seed}\n\n${table(tallies)}\n${worstSpecies(tallies)}\n\n${HOW_COUNTED}`,
  );
  console.log(`\nWhat the evidence measured, smallest to largest\n\n${describeMeasured(measured)}`);
  return short;
}

/** @param directory gets `bonafide/` and `attack/`, which the options `--bonafide` and `--attack` read */
export async function exportBuiltIn(directory: string, settings: Settings, landmarker: Landmarker): Promise<void> {
  for (const name of wanted(settings)) {
    const { species, make } = recipe(name);
    for (const run of runsOf(make, settings, landmarker)) {
      const kind = species === null ? 'bonafide' : join('attack', species);
      writePresentation(join(directory, kind, run.name), await run.make());
    }
    console.error(`${name} written`);
  }
}

function wanted({ only }: Settings): string[] {
  return NAMES.filter((name) => only?.includes(name) ?? true);
}

function recipe(name: string): { species: string | null } & Pick<Species, 'make' | 'bar'> {
  const species = (SPECIES as Partial<Record<string, Species>>)[name];
  return species ? { species: name, ...species } : { species: null, make: bonafide, bar: 'accepted' };
}

function runsOf(
  make: (stage: Stage) => Promise<Presentation>,
  { runs, seed, smile }: Settings,
  landmarker: Landmarker,
): Run[] {
  return Array.from({ length: runs }, (_, run) => ({
    name: `run-${String(run).padStart(3, '0')}`,
    make: () => make(stageOf(landmarker, seed, run, smile)),
  }));
}
