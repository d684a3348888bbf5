/** Measures FMR and FNMR of the comparison with a verify image. */
import { loadEmbedder } from '../../../../demo/server/judge/default/embedder.js';
import type { Landmarker } from '../../../../demo/server/judge/default/landmarker.js';
import { describeRate } from '../statistics.js';
import { facesOf, type Face } from './faces.js';
import { allPairs, falseMatches, falseNonMatches, shortcomings, THRESHOLD, type Pair } from './pairs.js';
import type { Portrait } from './portraits.js';

/** @returns the bars that were not met, in words */
export async function evaluateVerification(portraits: readonly Portrait[], landmarker: Landmarker): Promise<string[]> {
  const models = { landmarker, embedder: await loadEmbedder() };
  const faces: Face[] = [];
  const faceless: string[] = [];
  for (const portrait of portraits) {
    const found = await facesOf(portrait, models);
    if (found.length === 0) faceless.push(portrait.name);
    faces.push(...found);
  }
  const pairs = allPairs(faces);
  for (const name of faceless) console.log(`${name}: no face found`);
  console.log(`\nVerification: ${faces.length} faces, every pair, Euclidean distance in hundredths; ! is an error.\n`);
  console.log(matrix(faces, pairs));
  console.log(
    `\nMatched is a confidence of ${THRESHOLD} or more. Pairs share faces: the intervals are narrower than they should be.`,
  );
  const [fmr, fnmr] = [falseMatches(pairs), falseNonMatches(pairs)];
  const apart = pairs.filter(({ isSameSitting }) => !isSameSitting);
  console.log(`FMR   ${describeRate(fmr)}, ${fmr.count} of ${fmr.of} pairs of two people; ${range(pairs, false)}`);
  console.log(`FNMR  ${describeRate(fnmr)}, ${fnmr.count} of ${fnmr.of} pairs of one person; ${range(pairs, true)}`);
  const fnmrApart = falseNonMatches(apart);
  console.log(
    `      of which at two occasions ${describeRate(fnmrApart)}, ${fnmrApart.count} of ${fnmrApart.of}; ${range(apart, true)}`,
  );
  return shortcomings(faceless, pairs);
}

function range(pairs: readonly Pair[], isSamePerson: boolean): string {
  const distances = pairs.filter((pair) => pair.isSamePerson === isSamePerson).map(({ distance }) => distance);
  if (distances.length === 0) return 'no distances';
  return `distances ${Math.min(...distances).toFixed(3)} … ${Math.max(...distances).toFixed(3)}`;
}

/** Distances below the diagonal. `=`: one person, matched; `!`: an error; blank: may or may not be one person. */
function matrix(faces: readonly Face[], pairs: readonly Pair[]): string {
  const cells = new Map(pairs.map((pair) => [pair.b, new Map<Face, string>()]));
  for (const { a, b, distance, isSamePerson, isMatch } of pairs) {
    const mark = isSamePerson === isMatch ? (isSamePerson ? '=' : ' ') : '!';
    cells.get(b)?.set(a, `${mark}${Math.round(100 * distance)}`);
  }
  const heading = ['', ...faces.slice(0, -1).map((_, index) => String(index + 1).padStart(4))].join('');
  const rows = faces.map((face, row) => {
    const line = faces.slice(0, row).map((other) => (cells.get(face)?.get(other) ?? '').padStart(4));
    return `${line.join('')}  ${row + 1} ${face.name}`;
  });
  return [heading, ...rows].join('\n');
}
