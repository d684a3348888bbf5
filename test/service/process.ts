/** The service as a process of its own, built as it is shipped. */
import type { DatabaseLocation } from '../../demo/server/database/open.js';
import { type Child, originIn, startChild } from '../child.js';
import { API_KEY } from './client.js';

export interface ServiceProcess extends Child {
  url: string;
}

export interface ProcessOptions {
  location: DatabaseLocation;
  /** Folder for what the process keeps beside its database. */
  dataDirectory: string;
  environment?: Record<string, string>;
}

/** @throws Error with its output if it does not come up in time */
export async function startProcess({ location, dataDirectory, environment }: ProcessOptions): Promise<ServiceProcess> {
  const [child, origin] = await startChild(process.execPath, ['dist/server/main.js'], {
    environment: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: dataDirectory,
      LIVENESS_API_KEYS: API_KEY,
      LIVENESS_JUDGE: 'none',
      ...('url' in location ? { DATABASE_URL: location.url } : {}),
      ...environment,
    },
    // Less than a test has.
    startDeadlineInMilliseconds: 20_000,
    ready: originIn,
  });
  // By number: what `localhost` means depends on the machine.
  return { ...child, url: origin.replace('localhost', '127.0.0.1') };
}
