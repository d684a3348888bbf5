/** The smallest and the largest value of each kind of evidence, and how often it supports a live person, by species. */
import type { Evidence } from '../../../demo/server/judge/default/evidence/evidence.js';

interface Values {
  numbers: number[];
  /** Number of presentations in which all evidence of this kind supports a live person. */
  supported: number;
  presentations: number;
}

/** Values by kind of evidence and unit, and within that by species. */
export type Measured = Map<string, Map<string, Values>>;

/** Adds the findings of one presentation. */
export function addFindings(measured: Measured, species: string, findings: readonly Evidence[]): void {
  for (const kind of new Set(findings.map(kindOf))) {
    const alike = findings.filter((evidence) => kindOf(evidence) === kind);
    const ofKind = measured.get(kind) ?? new Map<string, Values>();
    const values = ofKind.get(species) ?? { numbers: [], supported: 0, presentations: 0 };
    values.numbers.push(...alike.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])));
    values.supported += alike.every(({ finding }) => finding === 'supports') ? 1 : 0;
    values.presentations++;
    measured.set(kind, ofKind.set(species, values));
  }
}

export function describeMeasured(measured: Measured): string {
  return [...measured]
    .map(([kind, species]) => [kind, ...[...species].map(([name, values]) => describe(name, values))].join('\n'))
    .join('\n');
}

/** The kind of a finding and its unit: all directions of a head turn are one kind. */
function kindOf({ name, unit }: Evidence): string {
  return [name.replace(/\..*/, ''), ...(unit === undefined ? [] : [unit])].join(', ');
}

function describe(name: string, { numbers, supported, presentations }: Values): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map((value) => String(Number(value.toFixed(3))));
  const range = numbers.length === 0 ? '' : `${least} … ${most}`;
  return `  ${name.padEnd(18)} ${range.padEnd(18)} supports in ${supported} of ${presentations}`;
}
