/**
 * Fills the generated parts of the README and `docs/`: those between `<!-- generated: NAME -->` and
 * `<!-- generated: end -->`. With `--check`, only reports pages that are out of date.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const PLACE = /<!-- generated: ([\w-]+) -->\n.*?<!-- generated: end -->/gs;

/** @returns the pages that were out of date; they have been updated if `write` is true */
async function generateDocs({ write }: { write: boolean }): Promise<string[]> {
  const stale: string[] = [];
  // Imported here, so that an error in loading it, such as a missing English word, is caught and printed as one line.
  const { TABLES } = await import('./docs/tables.js');
  for (const path of pages()) {
    const page = readFileSync(path, 'utf8');
    const filled = page.replaceAll(PLACE, (_, name: string) => {
      const table = TABLES[name];
      if (!table) throw new Error(`${path} has a place for "${name}", but there is no generated table of that name.`);
      return `<!-- generated: ${name} -->\n\n${table()}\n\n<!-- generated: end -->`;
    });
    const wanted = await format(filled, { ...(await resolveConfig(path)), parser: 'markdown' });
    if (filled === page || wanted === page) continue;
    stale.push(path);
    if (write) writeFileSync(path, wanted);
  }
  return stale;
}

function pages(): string[] {
  const inDocs = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', ...inDocs.map((name) => `docs/${name}`)];
}

const write = !process.argv.includes('--check');
try {
  const stale = await generateDocs({ write });
  if (stale.length > 0)
    console.log(`${write ? 'Wrote' : 'Not up to date, run npx tsx scripts/docs.ts:'} ${stale.join(', ')}`);
  process.exitCode = !write && stale.length > 0 ? 1 : 0;
} catch (error) {
  console.error(`The docs cannot be made: ${(error as Error).message}`);
  process.exitCode = 1;
}
