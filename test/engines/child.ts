/** Child processes that say on one of their outputs that they are ready, and that are gone when they are ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const START_DEADLINE_IN_MILLISECONDS = 60_000;
const STOP_DEADLINE_IN_MILLISECONDS = 5_000;

export interface Child {
  end(): Promise<void>;
}

export interface ChildOptions {
  environment?: NodeJS.ProcessEnv;
  /** Asked until it gives something else than null. `output` is what the child has printed so far, on descriptor 3 too. */
  ready(output: string): string | null | Promise<string | null>;
}

/**
 * @returns the child, and what `ready` gave
 * @throws Error with the child's output if it does not come up in time
 */
export async function startChild(
  path: string,
  parameters: string[],
  { environment = process.env, ready }: ChildOptions,
): Promise<[Child, string]> {
  const child = spawn(path, parameters, { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  child.once('exit', () => process.off('exit', orphaned));
  let output = '';
  for (const stream of child.stdio.slice(1)) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const deadline = Date.now() + START_DEADLINE_IN_MILLISECONDS;
  while (Date.now() < deadline && isAlive(child)) {
    const found = await ready(output);
    if (found !== null) return [{ end: () => end(child, exited) }, found];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await end(child, exited);
  throw new Error(`${path} did not start.\n${output}`);
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (!isAlive(child)) return;
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_IN_MILLISECONDS);
  await exited;
  clearTimeout(deadline);
}

const isAlive = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;
