/** Child processes that say on one of their outputs that they are ready, and that are gone when they are ended, or we are. */
import { spawn } from 'node:child_process';
import { whenLeaving } from '../scripts/leaving.js';

const START_DEADLINE_IN_MILLISECONDS = 60_000;
/** Longer than the service gives what it has accepted. */
const STOP_DEADLINE_IN_MILLISECONDS = 15_000;

export interface Child {
  pid: number;
  /** Everything it has printed so far, one output after the other. */
  output(): string;
  /** Killed where a signal does not end it in time. @returns the exit code; null: it was killed */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface ChildOptions {
  environment?: NodeJS.ProcessEnv;
  startDeadlineInMilliseconds?: number;
  /** Asked until it gives something else than null. `output` is what the child has printed so far, on descriptor 3 too. */
  ready(output: string): string | null | Promise<string | null>;
}

/** When a server of ours is ready: the origin it prints, without a slash at the end. */
export const originIn = (output: string): string | null =>
  /^Listening on (http:\/\/[^\s,/]+)\//m.exec(output)?.[1] ?? null;

/**
 * @returns the child, and what `ready` gave
 * @throws Error with the child's output if it does not come up in time
 */
export async function startChild(
  path: string,
  parameters: string[],
  { environment = process.env, startDeadlineInMilliseconds = START_DEADLINE_IN_MILLISECONDS, ready }: ChildOptions,
): Promise<[Child, string]> {
  const child = spawn(path, parameters, { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  // A run that is stopped from outside ends without a word to us.
  const takeBack = whenLeaving(() => child.kill('SIGKILL'));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const closed = new Promise((resolve) => child.once('close', resolve));
  void closed.then(takeBack);
  const printed: string[] = [];
  child.once('error', ({ message }) => printed.push(message));
  // Each by itself, so that no line of one is torn by a line of another.
  for (const [index, stream] of child.stdio.slice(1).entries()) {
    printed[index] = '';
    stream?.on('data', (chunk: Buffer) => (printed[index] += chunk.toString()));
  }
  const output = () => printed.filter(Boolean).join('\n');
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    if (isAlive()) {
      child.kill(signal);
      const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_IN_MILLISECONDS);
      await exited;
      clearTimeout(deadline);
    }
    return child.exitCode;
  };
  const deadline = Date.now() + startDeadlineInMilliseconds;
  while (Date.now() < deadline && isAlive()) {
    const found = await ready(output());
    if (found !== null) return [{ pid: child.pid ?? 0, output, end }, found];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await end();
  // What it said last may be on its way; what it started itself may hold its outputs for ever.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1_000))]);
  throw new Error(`${[path, ...parameters].join(' ')} did not start.\n${output()}`);
}
