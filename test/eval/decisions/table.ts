/** Formats tallies as the table that is printed. */
import { describeRate, interval } from './statistics.js';
import { errorRate, presentations, type Tally } from './tally.js';

export const DISCLAIMER =
  'Simulated attacks on few people are no certificate: these figures compare versions of this judge, no more.';

export const HOW_COUNTED = `APCER (of each attack species) and BPCER after ISO/IEC 30107-3:2023, with two-sided 95 % intervals (Clopper and Pearson).
Accepted is realface alone: an undecided attack is no error, an undecided bona fide presentation is one.
What the judge refused to look at (non-response) is in neither rate. A session that the element ended, so that nothing was
sent, is in both: of an attack no error, of somebody live one.`;

const COLUMNS = ['', 'runs', 'realface', 'uncertain', 'spoofface', 'refused', 'ended', 'error rate', 'reasons'];

export function table(tallies: readonly Tally[]): string {
  const rows = [COLUMNS, ...tallies.map(row)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) =>
          column === 0 || column > 6 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Describes the worst species, which the standard asks for instead of a mean over all of them. */
export function worstSpecies(tallies: readonly Tally[]): string {
  const attacks = tallies.filter((tally) => tally.species !== null && errorRate(tally).of > 0);
  const share = (tally: Tally): number => errorRate(tally).count / errorRate(tally).of;
  const upperBound = (tally: Tally): number => interval(errorRate(tally))[1];
  const isWorse = (one: Tally, other: Tally): boolean =>
    share(one) > share(other) || (share(one) === share(other) && upperBound(one) > upperBound(other));
  const worst = attacks.reduce<Tally | null>((most, next) => (most && !isWorse(next, most) ? most : next), null);
  return worst ? `Highest APCER: ${describeRate(errorRate(worst))}, ${worst.species}` : '';
}

function row(tally: Tally): string[] {
  const { realface, uncertain, spoofface, refused, ended } = tally.outcomes;
  const reasons = [...tally.reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`);
  return [
    tally.species ?? 'bona fide',
    ...[presentations(tally), realface, uncertain, spoofface, refused, ended].map(String),
    `${tally.species === null ? 'BPCER' : 'APCER'} ${describeRate(errorRate(tally))}`,
    reasons.join(', '),
  ];
}
