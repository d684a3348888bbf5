/**
 * `npm test`, which CI runs too: every check and every test. The last line of output is the total, in which each check
 * counts as one test. Two steps run at a time. Each needs about one core, except the checks: two of them run at a time,
 * so they need two.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findBrowser } from './browser.js';
import { buildChanged } from './build.js';
import { findEngines } from './engines.js';
import { type Counts, check } from './check.js';
import { TOOLS, runNode } from './command.js';

const RESULTS = '.cache/results';
/** For one step. All steps together take ten minutes on two cores; other machines may be slower. */
const DEADLINE_IN_SECONDS = 2_700;

/** The fields that are read of the two JSON reports. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

/** Runs tests. A run that fails without a failed test (a crash, a file that cannot be loaded) counts as one failure. */
async function runTests<Report>(name: string, command: string[], count: (report: Report) => Counts): Promise<Counts> {
  const path = `${RESULTS}/${name}.json`;
  rmSync(path, { force: true });
  const { status, seconds } = await runNode(command, {
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: path },
    deadlineInSeconds: DEADLINE_IN_SECONDS,
  });
  console.log(`${name}: ${seconds.toFixed(0)} s`);
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

/** Finds or installs Firefox and WebKit. CI must have them; elsewhere a message says that they are left out. */
async function getEngines(): Promise<void> {
  await findEngines().catch((error: unknown) => {
    if (process.env.CI) throw error;
    console.log((error as Error).message);
  });
}

/** A step that runs a Playwright project, with an output folder of its own: Playwright empties the folder first. */
const endToEnd = (project: string) => (): Promise<Counts> => {
  const folder = `test-results/${project}`;
  const command = [TOOLS.playwright, 'test', `--project=${project}`, `--output=${folder}`, '--reporter=list,json'];
  return runTests<PlaywrightReport>(project, command, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }));
};

const withVitest = async (): Promise<Counts> => {
  await getEngines();
  return runTests<VitestReport>('vitest', vitest, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }));
};

const results: Counts[] = [];

/** A step that cannot be run counts as one failure. */
async function add(step: () => Promise<Counts>): Promise<void> {
  results.push(
    await step().catch((error: unknown) => {
      console.error((error as Error).message);
      return { passed: 0, failed: 1, skipped: 0 };
    }),
  );
}

async function prepare(): Promise<Counts> {
  mkdirSync(RESULTS, { recursive: true });
  await findBrowser();
  await buildChanged();
  return { passed: 0, failed: 0, skipped: 0 };
}

await add(prepare);
if (results.every(({ failed }) => failed === 0)) {
  // Short steps come last, so that both workers finish at about the same time.
  const steps = [check, endToEnd('sessions'), withVitest, ...['pictures', 'pages', 'fixtures'].map(endToEnd)];
  const takeSteps = async (): Promise<void> => {
    for (let next = steps.shift(); next; next = steps.shift()) await add(next);
  };
  await Promise.all([takeSteps(), takeSteps()]);
}

const sum = (key: keyof Counts): number => results.reduce((total, counts) => total + counts[key], 0);
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
