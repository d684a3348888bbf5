/** Starts child processes, waits until they are ready, and ends them on request or when this process ends. */
import { spawn } from 'node:child_process';
import { whenLeaving } from '../scripts/leaving.js';

const START_DEADLINE_IN_MILLISECONDS = 60_000;
/** Longer than the service, when it is stopped, waits for requests that it has accepted. */
const STOP_DEADLINE_IN_MILLISECONDS = 15_000;

export interface Child {
  pid: number;
  /** Everything the child has printed so far: on stdout, then on stderr, then on file descriptor 3. */
  output(): string;
  /** Sends the signal, then SIGKILL if the child does not exit in time. @returns the exit code; null if killed */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface ChildOptions {
  environment?: NodeJS.ProcessEnv;
  startDeadlineInMilliseconds?: number;
  /** Called repeatedly with `Child.output()`, until it returns something other than null: then the child is ready. */
  ready(output: string): string | null | Promise<string | null>;
}

/** For `ready`: the origin that a server of this repository prints once it listens, without a slash at the end. */
export const originIn = (output: string): string | null =>
  /^Listening on (http:\/\/[^\s,/]+)\//m.exec(output)?.[1] ?? null;

/**
 * @returns the child, and what `ready` returned
 * @throws Error with the child's output if it exits or is not ready in time
 */
export async function startChild(
  path: string,
  parameters: string[],
  { environment = process.env, startDeadlineInMilliseconds = START_DEADLINE_IN_MILLISECONDS, ready }: ChildOptions,
): Promise<[Child, string]> {
  const child = spawn(path, parameters, { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  // If the test run is stopped from outside, nobody calls `end()`.
  const takeBack = whenLeaving(() => child.kill('SIGKILL'));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const closed = new Promise((resolve) => child.once('close', resolve));
  void closed.then(takeBack);
  const printed: string[] = [];
  child.once('error', ({ message }) => printed.push(message));
  // Collects each output separately, so that one cannot break up the lines of another.
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
  // Its last output may still be on its way; but a process that it started may keep its outputs open forever.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1_000))]);
  throw new Error(`${[path, ...parameters].join(' ')} did not start.\n${output()}`);
}
