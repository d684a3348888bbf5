/** Evaluates the judge on one's own recordings. They have no bars: whoever runs this decides what is good enough. */
import { basename } from 'node:path';
import { loadLandmarker } from '../../../demo/server/judge/default/landmarker.js';
import { ASSETS } from './court.js';
import { presentationsIn, readPresentation, speciesIn } from './dataset.js';
import { describeVerdict, evaluate, type Run } from './evaluate.js';
import { HOW_COUNTED, table, worstSpecies } from './table.js';
import type { Tally } from './tally.js';
import { evaluateVerification } from './verification/evaluate.js';
import type { Portrait } from './verification/portraits.js';

export interface RecordedSettings {
  /** Directory of live presentations; null if there are none. */
  bonafide: string | null;
  /** Directory with one subdirectory for each species; null if there are no attacks. */
  attack: string | null;
  verbose: boolean;
}

/** @throws Error if a directory has no presentations, or a presentation cannot be read */
export async function evaluateRecordings(settings: RecordedSettings): Promise<void> {
  const { bonafide, attack, verbose } = settings;
  const kinds = new Map<string | null, string[]>();
  if (bonafide !== null) kinds.set(null, presentationsIn(bonafide));
  if (attack !== null) {
    const species = speciesIn(attack);
    if (species.size === 0) throw new Error(`There are no presentations in ${attack}`);
    for (const [name, directories] of species) kinds.set(name, directories);
  }
  const tallies: Tally[] = [];
  const portraits: Portrait[] = [];
  for (const [species, directories] of kinds) {
    if (directories.length === 0) throw new Error(`There are no presentations of ${species ?? bonafide}`);
    const hear = (run: Run, verdict: Parameters<typeof describeVerdict>[0]): void => {
      if (verbose) console.log(`${run.name}: ${describeVerdict(verdict)}`);
      if (species === null && !('refused' in verdict)) portraits.push(...knownFaces(run.name, verdict.target.fileName));
    };
    tallies.push(await evaluate(species, directories.map(runOf), hear));
  }
  console.log(`${table(tallies)}\n${worstSpecies(tallies)}\n\n${HOW_COUNTED}`);
  if (new Set(portraits.map(({ person }) => person)).size > 1) {
    await evaluateVerification(portraits, await loadLandmarker(ASSETS));
  }
}

function runOf(directory: string): Run {
  return { name: directory, make: () => Promise.resolve(readPresentation(directory)) };
}

/** The frame that the judge chose, and the verify image; neither if the presentation names no person. */
function knownFaces(directory: string, fileName: string): Portrait[] {
  const { captured, person, verifyImage } = readPresentation(directory);
  if (person === undefined) return [];
  const name = basename(directory);
  const frame = captured.frames.find((candidate) => candidate.fileName === fileName);
  return [
    ...(frame ? [{ name, person, sitting: name, bytes: frame.bytes }] : []),
    ...(verifyImage
      ? [{ name: `${name} verify image`, person, sitting: `${name} verify image`, bytes: verifyImage }]
      : []),
  ];
}
