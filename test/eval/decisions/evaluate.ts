/** Submits presentations to the judge and counts its decisions. */
import type { Evidence } from '../../../demo/server/judge/default/evidence/evidence.js';
import { Court, type Verdict } from './court.js';
import type { Presentation } from './presentation.js';
import { count, emptyTally, type Tally } from './tally.js';

/** One presentation, which is made only when it is about to be judged. */
export interface Run {
  /** For the output, such as `run-003` or a directory. */
  name: string;
  make(): Promise<Presentation>;
}

/** Number of concurrent runs: one presentation is made while another is judged. */
const AT_ONCE = 2;

/**
 * @param species species of the attacks; null: bona fide presentations
 * @param hear called with each run as soon as it is decided
 */
export async function evaluate(
  species: string | null,
  runs: readonly Run[],
  hear: (run: Run, verdict: Verdict) => void = () => undefined,
): Promise<Tally> {
  const tally = emptyTally(species);
  const court = await Court.open();
  const waiting = runs.values();
  const work = async (): Promise<void> => {
    for (const run of waiting) {
      const verdict = await court.decide(await run.make());
      if ('refused' in verdict) count(tally, 'refused', verdict.refused);
      else count(tally, verdict.livenessDecision, verdict.reason ?? '');
      hear(run, verdict);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await court.close();
  }
  return tally;
}

export function findingsOf(verdict: Verdict): Evidence[] {
  return 'refused' in verdict ? [] : ((verdict.evidence?.findings ?? []) as Evidence[]);
}

/** The decision, and a line for each finding: `!` marks an attack, `?` a doubt, `·` what is absent. */
export function describeVerdict(verdict: Verdict): string {
  if ('refused' in verdict) return `refused ${verdict.refused}`;
  const lines = findingsOf(verdict).map(({ name, finding, value, atLeast, atMost, unit }) => {
    const shown = typeof value === 'number' ? String(Number(value.toFixed(4))) : value;
    const bounds = [atLeast === undefined ? '' : `≥ ${atLeast}`, atMost === undefined ? '' : `≤ ${atMost}`];
    const mark = { supports: ' ', absent: '·', doubts: '?', attack: '!' }[finding];
    return `  ${mark} ${name.padEnd(24)} ${shown} ${unit ?? ''} ${bounds.filter(Boolean).join(' ')}`.trimEnd();
  });
  return [`${verdict.livenessDecision} ${verdict.reason ?? ''}`, ...lines].join('\n');
}
