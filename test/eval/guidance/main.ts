/**
 * `npm run eval:guidance`: evaluates guidance on labelled film, and whole captures by an actor. Takes about half an
 * hour; `RUNS=5` makes fewer captures, `ONLY=film` or `ONLY=captures` runs only one part.
 */
import { buildChanged, SERVED } from '../../../scripts/build.js';
import { evaluateCaptures } from './captures.js';
import { evaluateFilm } from './film.js';

await buildChanged(SERVED);
const only = process.env.ONLY;
const failures = [
  ...(only === 'captures' ? [] : await evaluateFilm()),
  ...(only === 'film' ? [] : await evaluateCaptures()),
];
for (const failure of failures) console.log(`SHORT  ${failure}`);
console.log(failures.length > 0 ? `\n${failures.length} bars not met` : '\nevery bar met');
process.exitCode = failures.length > 0 ? 1 : 0;
