/** The service as a process of its own, built as it is shipped. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  environment?: Record<string, string | undefined>;
  main?: string;
}

/** Stand-ins for what the pages and the element are built to. @returns where they are, for `DIST_DIR` */
export function standInPages(directory: string): string {
  const dist = join(directory, 'dist');
  for (const [path, content] of Object.entries({
    'element/face-liveness.js': 'export {};',
    'demo/index.html': '<title>onboarding</title>',
    'demo/operator.html': '<title>operator</title>',
  })) {
    mkdirSync(join(dist, dirname(path)), { recursive: true });
    writeFileSync(join(dist, path), content);
  }
  return dist;
}

/** @throws Error with its output if it does not come up in time */
export async function startProcess({
  location,
  dataDirectory,
  environment,
  main = 'dist/server/main.js',
}: ProcessOptions): Promise<ServiceProcess> {
  const [child, origin] = await startChild(process.execPath, [main], {
    environment: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: dataDirectory,
      DIST_DIR: standInPages(dataDirectory),
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
