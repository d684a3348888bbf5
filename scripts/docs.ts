/** Writes the tables in `docs/` that are made from the code; with `--check`, says whether they are as they should be. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { LIVENESS_ERRORS } from '../src/protocol/errors.js';
import { en } from '../src/strings/en.js';

const [BEGIN, END] = ['<!-- generated: begin -->', '<!-- generated: end -->'];

function errorTable(): string {
  const rows = Object.entries(LIVENESS_ERRORS).map(([code, { retryable, told, cause, remedy }]) =>
    [`\`${code}\``, retryable ? 'yes' : 'no', cause, remedy, `“${en.failed[told].title}”`].join(' | '),
  );
  const head = ['code | try again | cause | what you can do | the person reads', '--- | --- | --- | --- | ---'];
  return [...head, ...rows].map((row) => `| ${row} |`).join('\n');
}

function wordTables(): string {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const tags = ['en', ...readdirSync('src/strings/locales').map((file) => file.replace(/\.ts$/, ''))].sort();
  const locales = tags.map((tag) => `\`${tag}\` ${names.of(tag)}`).join(' · ');
  const rows = flat(en).map(([path, text]) => `| \`${path}\` | ${text} |`);
  return [`${tags.length} locales: ${locales}`, '', '| key | English |', '| --- | --- |', ...rows].join('\n');
}

/** Every word with the path of its key. */
function flat(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flat(value as object, `${path}${key}.`),
  );
}

const TABLES: Record<string, () => string> = { 'docs/errors.md': errorTable, 'docs/words.md': wordTables };

/** @returns the pages that were not up to date; they are now, unless only asked for */
export async function generateDocs({ write }: { write: boolean }): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, table] of Object.entries(TABLES)) {
    const page = readFileSync(path, 'utf8');
    const [before, after] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
    if (after < before) throw new Error(`${path} has no place for its table.`);
    const text = `${page.slice(0, before)}\n\n${table()}\n\n${page.slice(after)}`;
    const wanted = await format(text, { parser: 'markdown', singleQuote: true, printWidth: 120 });
    if (wanted === page) continue;
    stale.push(path);
    if (write) writeFileSync(path, wanted);
  }
  return stale;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const write = !process.argv.includes('--check');
  const stale = await generateDocs({ write });
  if (stale.length > 0) console.log(`${write ? 'Wrote' : 'Not up to date, run scripts/docs.ts:'} ${stale.join(', ')}`);
  process.exitCode = !write && stale.length > 0 ? 1 : 0;
}
