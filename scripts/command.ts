/** Runs the tools of node_modules as child processes: with a deadline, and gone when we are. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { whenLeaving } from './leaving.js';

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
  /** After this the command is stopped and counts as failed; `Infinity`: never. Default 300. */
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
  const takeBack = whenLeaving(stop);
  let isLate = false;
  // What it started itself may still hold the pipes, and nobody waits for that.
  child.once('exit', () => isLate && [child.stdout, child.stderr].forEach((pipe) => pipe?.destroy()));
  const seconds = options.deadlineInSeconds ?? 300;
  const end = (): void => {
    isLate = true;
    const message = `Stopped: it took longer than ${seconds} s.`;
    if (options.quiet) output += `\n${message}`;
    else console.error(message);
    stop();
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
  };
  // To setTimeout, for ever is at once.
  const deadline = seconds === Infinity ? undefined : setTimeout(end, 1000 * seconds);

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(deadline);
      takeBack();
      resolve({ status: isLate ? 1 : (status ?? 1), seconds: (performance.now() - started) / 1000, output });
    });
  });
}
