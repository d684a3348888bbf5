/**
 * Writes what is made from the code into README and `docs/`: whatever stands between `generated: NAME` and
 * `generated: end`. With `--check`, says whether it is as it should be.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const PLACE = /<!-- generated: ([\w-]+) -->\n.*?<!-- generated: end -->/gs;

/** @returns the pages that were not up to date; they are now, unless only asked for */
async function generateDocs({ write }: { write: boolean }): Promise<string[]> {
  const stale: string[] = [];
  // Loaded only here: what it throws, such as for a missing English word, is then told in one line like any reason.
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
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
}
