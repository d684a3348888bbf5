/** Runs the tools of node_modules as child processes: with a deadline, and gone when we are. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/** Entry files of the tools, so that none is looked for on the PATH and no shell is needed. */
export const TOOLS = {
  eslint: 'node_modules/eslint/bin/eslint.js',
  playwright: 'node_modules/@playwright/test/cli.js',
  prettier: 'node_modules/prettier/bin/prettier.cjs',
  // Types are checked by 7, three times as fast; typescript-eslint and our scripts use the interface of 6.
  tsc: 'node_modules/typescript-7/bin/tsc',
  tsx: 'node_modules/tsx/dist/cli.mjs',
  vite: 'node_modules/vite/bin/vite.js',
  vitest: 'node_modules/vitest/vitest.mjs',
} as const;

export interface CommandOptions {
  /** True: what the command prints is kept and returned. False: it goes to the terminal as it comes. */
  quiet?: boolean;
  /** After this the command is stopped and counts as failed. Default 300. */
  deadlineInSeconds?: number;
  environment?: Record<string, string>;
}

export interface CommandResult {
  /** 0 is success; 1 also where the command was stopped. */
  status: number;
  seconds: number;
  /** Empty unless `quiet`. */
  output: string;
}

/** @param parameters a script for Node (one of `TOOLS`) and its arguments. */
export function runNode(parameters: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const started = performance.now();
  const child = spawn(process.execPath, parameters, {
    stdio: ['ignore', options.quiet ? 'pipe' : 'inherit', options.quiet ? 'pipe' : 'inherit'],
    env: { ...process.env, ...options.environment },
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));

  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  const deadline = setTimeout(
    () => {
      output += `\nStopped: it took longer than ${options.deadlineInSeconds ?? 300} s.`;
      stop();
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
    },
    1000 * (options.deadlineInSeconds ?? 300),
  );

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(deadline);
      process.off('exit', stop);
      resolve({ status: status ?? 1, seconds: (performance.now() - started) / 1000, output });
    });
  });
}
