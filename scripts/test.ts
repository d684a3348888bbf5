/**
 * `npm test`, and what CI runs: checks, then every test. Prints the sum as its last line; each check counts as one test.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findBrowser } from './browser.js';
import { buildChanged } from './build.js';
import { type Counts, check } from './check.js';
import { TOOLS, runNode } from './command.js';

const RESULTS = '.cache/results';

/** The few fields we read of the two JSON reports. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

/** A run that fails without a failed test (a file that cannot be loaded, a crash) counts as one failure. */
async function runTests<Report>(name: string, command: string[], count: (report: Report) => Counts): Promise<Counts> {
  const path = `${RESULTS}/${name}.json`;
  rmSync(path, { force: true });
  const { status } = await runNode(command, { environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: path } });
  const counts = existsSync(path)
    ? count(JSON.parse(readFileSync(path, 'utf8')) as Report)
    : { passed: 0, failed: 0, skipped: 0 };
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

const vitest = [
  TOOLS.vitest,
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${RESULTS}/vitest.json`,
];
const playwright = [TOOLS.playwright, 'test', '--reporter=list,json'];

mkdirSync(RESULTS, { recursive: true });
const results: Counts[] = [await check()];
try {
  await findBrowser();
  await buildChanged();
  results.push(
    await runTests<VitestReport>('vitest', vitest, (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    })),
    await runTests<PlaywrightReport>('playwright', playwright, ({ stats }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    })),
  );
} catch (error) {
  console.error((error as Error).message);
  results.push({ passed: 0, failed: 1, skipped: 0 });
}

const sum = (key: keyof Counts): number => results.reduce((total, counts) => total + counts[key], 0);
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
