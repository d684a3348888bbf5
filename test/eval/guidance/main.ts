import { evaluateFilm } from './film.js';

const failures = await evaluateFilm();
for (const failure of failures) console.log(`SHORT  ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
