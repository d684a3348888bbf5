/** Error rates, their confidence intervals, and the limits that they have to meet. */
import { describe, expect, it } from 'vitest';
import { describeRate, interval } from '../eval/decisions/statistics.js';
import { count, emptyTally, errorRate, shortcomings, type Outcome } from '../eval/decisions/tally.js';
import { addFindings, describeMeasured, type Measured } from '../eval/decisions/measured.js';
import { table, worstSpecies } from '../eval/decisions/table.js';
import type { Face } from '../eval/decisions/verification/faces.js';
import { shortcomings as verificationShortcomings, type Pair } from '../eval/decisions/verification/pairs.js';

function tallyOf(species: string | null, outcomes: Partial<Record<Outcome, number>>) {
  const tally = emptyTally(species);
  for (const [outcome, times] of Object.entries(outcomes)) {
    for (let run = 0; run < times; run++) count(tally, outcome as Outcome, '');
  }
  return tally;
}

describe('Clopper–Pearson interval', () => {
  // The bounds are quantiles of beta distributions. For 0 and n of n they have a closed form, with 1 − 0.025^(1/n).
  it.each([1, 10, 50, 1000])('for none and for all of %i has a closed form', (of) => {
    const bound = 1 - 0.025 ** (1 / of);
    expect(interval({ count: 0, of })[0]).toBe(0);
    expect(interval({ count: 0, of })[1]).toBeCloseTo(bound, 9);
    expect(interval({ count: of, of })[0]).toBeCloseTo(1 - bound, 9);
    expect(interval({ count: of, of })[1]).toBe(1);
  });

  it('for one in two has a closed form, and is symmetric', () => {
    // P(X ≥ 1) = 1 − (1 − p)² = 0.025
    expect(interval({ count: 1, of: 2 })[0]).toBeCloseTo(1 - Math.sqrt(0.975), 9);
    expect(interval({ count: 1, of: 2 })[1]).toBeCloseTo(Math.sqrt(0.975), 9);
  });

  it.each([
    [1, 50],
    [2, 50],
    [25, 50],
    [49, 50],
    [7, 312],
  ])('for %i of %i leaves 2.5 percent in each tail', (k, of) => {
    const [low, high] = interval({ count: k, of });
    expect(upTo(k, of, high)).toBeCloseTo(0.025, 8);
    expect(1 - upTo(k - 1, of, low)).toBeCloseTo(0.025, 8);
  });
});

it('describes a rate of 0 in 0 as not measured', () => {
  expect(describeRate({ count: 0, of: 0 })).toBe('not measured');
  expect(describeRate({ count: 0, of: 50 })).toBe('0.0 % (0.0 … 7.1 %)');
});

describe('error rates', () => {
  it('count an undecided live person, but not an undecided attack, as an error, and no refusals', () => {
    const outcomes = { realface: 3, uncertain: 4, spoofface: 2, refused: 1 };
    expect(errorRate(tallyOf('print', outcomes))).toEqual({ count: 3, of: 9 });
    expect(errorRate(tallyOf(null, outcomes))).toEqual({ count: 6, of: 9 });
  });

  it('count a session that the element ended as an error for a live person, but not for an attack', () => {
    expect(errorRate(tallyOf(null, { realface: 48, ended: 2 }))).toEqual({ count: 2, of: 50 });
    expect(errorRate(tallyOf('print', { ended: 4 }))).toEqual({ count: 0, of: 4 });
  });

  it('are summed up by the worst species, not by a mean', () => {
    const tallies = [
      tallyOf(null, { spoofface: 10 }),
      tallyOf('print', { spoofface: 10 }),
      tallyOf('screen', { spoofface: 9, realface: 1 }),
    ];
    expect(worstSpecies(tallies)).toMatch(/^Highest APCER: 10\.0 % \(.*\), screen$/);
  });

  it('are summed up by the least tested of equal species, but not by one that was always refused', () => {
    const tallies = [
      tallyOf('unreadable', { refused: 50 }),
      tallyOf('print', { spoofface: 50 }),
      tallyOf('mask', { spoofface: 2 }),
    ];
    expect(worstSpecies(tallies)).toMatch(/^Highest APCER: 0\.0 % \(.*\), mask$/);
  });
});

describe('bars', () => {
  it('live people: 48 of 50 accepted are enough, 47 are not, and one taken for an attack fails', () => {
    expect(shortcomings(tallyOf(null, { realface: 48, uncertain: 2 }), 'accepted')).toEqual([]);
    expect(shortcomings(tallyOf(null, { realface: 47, uncertain: 3 }), 'accepted')).toHaveLength(1);
    expect(shortcomings(tallyOf(null, { realface: 49, spoofface: 1 }), 'accepted')).toHaveLength(1);
    expect(shortcomings(tallyOf(null, { realface: 47, refused: 3 }), 'accepted')).toHaveLength(1);
  });

  it('attacks: one accepted fails, and undecided is enough unless they have to be recognised', () => {
    const undecided = tallyOf('print', { uncertain: 50 });
    expect(shortcomings(undecided, 'notAccepted')).toEqual([]);
    expect(shortcomings(undecided, 'recognised')).toHaveLength(1);
    expect(shortcomings(tallyOf('print', { uncertain: 2, spoofface: 48 }), 'recognised')).toEqual([]);
    expect(shortcomings(tallyOf('print', { uncertain: 3, spoofface: 47 }), 'recognised')).toHaveLength(1);
    const accepted = tallyOf('print', { realface: 1, spoofface: 49 });
    expect(shortcomings(accepted, 'notAccepted')).toHaveLength(1);
    expect(shortcomings(accepted, 'none')).toEqual([]);
  });
});

it('the table has a row for each species, with counts, rate and reasons', () => {
  const tally = emptyTally('print');
  count(tally, 'spoofface', 'FlatPicture');
  count(tally, 'uncertain', 'ChallengeNotMet');
  count(tally, 'uncertain', 'ChallengeNotMet');
  const [, row] = table([tally]).split('\n');
  expect(row?.split(/ {2,}/)).toEqual([
    ...['print', '3', '0', '2', '1', '0', '0', 'APCER 0.0 % (0.0 … 70.8 %)', 'ChallengeNotMet 2, FlatPicture 1'],
  ]);
});

it('describes measurements by name and species, with all directions together', () => {
  const measured: Measured = new Map();
  addFindings(measured, 'bona fide', [
    { name: 'time.lookUp', finding: 'supports', value: 700, unit: 'ms' },
    { name: 'time.lookLeft', finding: 'doubts', value: 12.3456, unit: 'ms' },
    { name: 'challenge', finding: 'supports', value: 'drawn lookUp' },
  ]);
  addFindings(measured, 'bona fide', [{ name: 'time.lookUp', finding: 'supports', value: 300, unit: 'ms' }]);
  addFindings(measured, 'print', [{ name: 'challenge', finding: 'doubts', value: 'found none' }]);
  expect(describeMeasured(measured).replaceAll(/ +/g, ' ').split('\n')).toEqual([
    ...['time, ms', ' bona fide 12.346 … 700 supports in 1 of 2'],
    ...['challenge', ' bona fide supports in 1 of 1', ' print supports in 0 of 1'],
  ]);
});

it('a verification that compared nothing or lost a face falls short', () => {
  expect(verificationShortcomings([], [])).toHaveLength(2);
  expect(verificationShortcomings(['a.jpg'], [pair(true), pair(false)])).toEqual([expect.stringContaining('a.jpg')]);
  expect(verificationShortcomings([], [pair(true), pair(false)])).toEqual([]);
});

function pair(isSamePerson: boolean): Pair {
  const face: Face = { name: '', person: '', sitting: '', inGroup: false, identity: [] };
  return { a: face, b: face, isSamePerson, isSameSitting: false, distance: 0, isMatch: isSamePerson };
}

/** P(X ≤ k) of a binomial distribution, term by term with exact coefficients. */
function upTo(k: number, of: number, p: number): number {
  let [sum, coefficient] = [0, 1];
  for (let i = 0; i <= k; i++) {
    sum += coefficient * p ** i * (1 - p) ** (of - i);
    coefficient = (coefficient * (of - i)) / (i + 1);
  }
  return sum;
}
