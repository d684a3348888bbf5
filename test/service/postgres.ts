/** Starts a PostgreSQL for the tests: a fresh cluster in a temporary folder, on a free loopback port. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { installPackages, onPath, withComplaints } from '../../scripts/browser.js';
import { whenLeaving } from '../../scripts/leaving.js';
import { freePort } from '../free-port.js';

export interface RunningPostgres {
  /** URL of the `postgres` database; tests create their own databases beside it. */
  url: string;
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 30_000;
const DEBIAN_DIRECTORY = '/usr/lib/postgresql';

declare module 'vitest' {
  interface ProvidedContext {
    /** Empty if PostgreSQL is not available. */
    postgresUrl: string;
  }
}

/** A suite's setup: starts one PostgreSQL for all files. Without PostgreSQL, fails in CI, otherwise only says so. */
export async function providePostgres(project: TestProject): Promise<() => Promise<void>> {
  try {
    const { url, stop } = await startPostgres({ durable: false });
    project.provide('postgresUrl', url);
    return stop;
  } catch (error) {
    if (process.env['CI'] || !(error instanceof PostgresMissing)) throw error;
    console.log(error.message);
    project.provide('postgresUrl', '');
    return () => Promise.resolve();
  }
}

class PostgresMissing extends Error {
  constructor(complaints: string[]) {
    const lack = 'PostgreSQL is not tested: no initdb and postgres (Debian: apt install postgresql).';
    super(withComplaints(lack, complaints));
  }
}

/**
 * @param durable whether to wait for the disk, as in production; tests kill processes, not the machine, and need not
 * @throws PostgresMissing when the server is not installed and cannot be
 */
export async function startPostgres({ durable }: { durable: boolean }): Promise<RunningPostgres> {
  const binaries = findBinaries() ?? (await installBinaries());
  const owner = ownerOf();
  const directory = mkdtempSync(join(tmpdir(), 'postgres-'));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const options = { ...owner, cwd: directory };
  const locale = ['--locale=C', '--encoding=UTF8', '--auth=trust', '--username=postgres', '--no-sync'];
  execFileSync(join(binaries, 'initdb'), ['-D', data, ...locale], { ...options, stdio: 'pipe', timeout: 60_000 });
  const port = await freePort();
  const address = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='];
  const settings = [...address, `fsync=${durable ? 'on' : 'off'}`];
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...options,
    stdio: 'ignore',
  });
  // If this process is ended by a signal, nothing calls `stop`.
  const takeBack = whenLeaving(() => {
    server.kill('SIGQUIT');
    rmSync(directory, { recursive: true, force: true });
  });
  const running = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      takeBack();
      await stop(server, directory);
    },
  };
  try {
    await untilAnswering(running.url, server);
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function stop(server: ChildProcess, directory: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    // SIGQUIT shuts down at once, since no data is kept.
    server.kill('SIGQUIT');
    await once(server, 'exit');
  }
  rmSync(directory, { recursive: true, force: true });
}

async function untilAnswering(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error('PostgreSQL ended before it answered');
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function findBinaries(): string | null {
  const versions = existsSync(DEBIAN_DIRECTORY) ? readdirSync(DEBIAN_DIRECTORY) : [];
  const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
  const onThePath = onPath(['postgres']).map(dirname);
  const places = [...newestFirst.map((version) => join(DEBIAN_DIRECTORY, version, 'bin')), ...onThePath];
  return places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres'))) ?? null;
}

async function installBinaries(): Promise<string> {
  const complaints = await installPackages(['postgresql']);
  const binaries = findBinaries();
  if (!binaries) throw new PostgresMissing(complaints);
  return binaries;
}

/** If this process runs as root, which PostgreSQL refuses: the user `postgres` or, if there is none, `nobody`. */
function ownerOf(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { stdio: 'pipe' })));
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // There is no such user: try the next.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as.');
}
