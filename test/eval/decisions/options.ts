/** The command-line options of `npm run eval:decisions`. */
import { parseArgs } from 'node:util';
import { NAMES as BUILT_IN, type Settings } from './built-in.js';

export const NAMES = [...BUILT_IN, 'verification', 'system'];

export const HELP = `npm run eval:decisions -- [options]

  --runs N         presentations of each species (50)
  --seed N         of the built-in material (1)
  --species A,B    only these; bonafide, verification and system are such names too
  --smile          also ask for a smile (only of people who smile in a recording)
  --verbose        print every run with all its evidence
  --system         also whole sessions: an actor in a browser, the built element, the built service
  --bonafide DIR   your own recordings instead of the built-in material, see docs/decisions.md
  --attack DIR
  --export DIR     writes the built-in material as such recordings, and judges nothing
`;

/** Options for the built-in material, which make no sense for one's own recordings. */
const NOT_OF_RECORDINGS = ['runs', 'seed', 'species', 'smile', 'system', 'export'] as const;

export interface Options {
  settings: Settings;
  system: boolean;
  /** This and the next two are directories; null if not given. */
  bonafide: string | null;
  attack: string | null;
  exportTo: string | null;
}

/** @returns null if `--help` is given @throws Error that names an option that is not valid */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
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
  if (values.help) return null;
  const only = values.species?.split(',') ?? null;
  const { bonafide = null, attack = null, export: exportTo = null, system, smile, verbose } = values;
  const idle = NOT_OF_RECORDINGS.find((name) => values[name]);
  if ((bonafide !== null || attack !== null) && idle)
    throw new Error(`--${idle} does not apply to recordings: do not combine it with --bonafide or --attack`);
  const unknown = only?.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`There is no species "${unknown}", only ${NAMES.join(', ')}`);
  const unwritten = system ? '--system' : only?.find((name) => !BUILT_IN.includes(name));
  if (exportTo !== null && unwritten !== undefined)
    throw new Error(`${unwritten} cannot be exported: remove it, or remove --export`);
  const runs = wholeNumber('runs', values.runs ?? '50');
  const seed = wholeNumber('seed', values.seed ?? '1');
  return { settings: { runs, seed, smile, verbose, only }, system, bonafide, attack, exportTo };
}

function wholeNumber(name: string, given: string): number {
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} has to be a whole number from 1, not "${given}"`);
  return value;
}
