/** Rates with their confidence intervals. */

export interface Rate {
  count: number;
  of: number;
}

/** The exact two-sided 95 % interval (Clopper and Pearson, 1934). @returns its bounds, 0…1 */
export function interval({ count, of }: Rate): [number, number] {
  const tail = 0.025;
  const low = count === 0 ? 0 : bisect((p) => 1 - cumulative(count - 1, of, p) - tail);
  const high = count === of ? 1 : bisect((p) => tail - cumulative(count, of, p));
  return [low, high];
}

/** P(X ≤ k) of a binomial distribution. */
function cumulative(k: number, n: number, p: number): number {
  let [logTerm, sum] = [n * Math.log1p(-p), 0];
  for (let i = 0; i <= k; i++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((n - i) / (i + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(1, sum);
}

/** @returns the zero of a function that rises through zero between 0 and 1 */
function bisect(rising: (p: number) => number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A rate with its interval, such as `4.0 % (0.5 … 13.7 %)`. */
export function describeRate(rate: Rate): string {
  if (rate.of === 0) return 'not measured';
  const [low, high] = interval(rate);
  return `${percent(rate.count / rate.of)} (${(100 * low).toFixed(1)} … ${percent(high)})`;
}
