/** Runs the tools in node_modules as child processes, which have a deadline and are stopped when this process ends. */
import { spawn } from 'node:child_process';
import { whenLeaving } from './leaving.js';

/** The tools' entry files, so that running them needs neither the PATH nor a shell. */
export const TOOLS = {
  eslint: 'node_modules/eslint/bin/eslint.js',
  playwright: 'node_modules/@playwright/test/cli.js',
  prettier: 'node_modules/prettier/bin/prettier.cjs',
  // TypeScript 7 checks types three times as fast; typescript-eslint and our scripts need the API of TypeScript 6.
  tsc: 'node_modules/typescript-7/bin/tsc',
  tsx: 'node_modules/tsx/dist/cli.mjs',
  vite: 'node_modules/vite/bin/vite.js',
  vitest: 'node_modules/vitest/vitest.mjs',
} as const;

export interface CommandOptions {
  /** True: the command's output is collected and returned. False (default): it goes straight to the terminal. */
  quiet?: boolean;
  /** After this time, the command is stopped and counts as failed; `Infinity`: never. Default 300. */
  deadlineInSeconds?: number;
  environment?: Record<string, string>;
}

export interface CommandResult {
  /** The command's exit status, 0 for success; 1 if it was stopped. */
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
  // The command's own children may still hold the pipes open: do not wait for them.
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
  // `setTimeout` treats Infinity as 0.
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
