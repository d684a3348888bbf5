/** Checks the code without running it: format, lint, documentation, and the types of every TypeScript project. */
import { fileURLToPath } from 'node:url';
import { TOOLS, runNode } from './command.js';

const WORLDS = ['.', 'src', 'worker', 'demo', 'demo/server', 'scripts', 'test'];

const CHECKS: Record<string, string[]> = {
  format: [TOOLS.prettier, '--check', '--log-level', 'warn', '.'],
  lint: [TOOLS.eslint, '--max-warnings', '0', '.'],
  docs: [TOOLS.tsx, 'scripts/docs.ts', '--check'],
  ...Object.fromEntries(WORLDS.map((world) => [`types of ${world}`, [TOOLS.tsc, '-p', world]])),
};

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs every check, two at a time, and prints one line for each and the output of those that failed. */
export async function check(): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const queue = Object.entries(CHECKS);
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [name, command] = next;
      const { status, seconds, output } = await runNode(command, { quiet: true });
      counts[status === 0 ? 'passed' : 'failed'] += 1;
      console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`);
      if (status !== 0) console.log(output);
    }
  };
  await Promise.all([worker(), worker()]);
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = await check();
  process.exitCode = failed > 0 ? 1 : 0;
}
