/** Starts the built service in its own process. */
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
  /** `DATA_DIR`: where the process keeps its files, and its database if that is SQLite. */
  dataDirectory: string;
  environment?: Record<string, string | undefined>;
  main?: string;
}

/** Writes stand-ins for the built pages and element. @returns their folder, for `DIST_DIR` */
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

/** @throws Error with the process's output if it is not up within 20 s */
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
    // Shorter than a test's own time limit.
    startDeadlineInMilliseconds: 20_000,
    ready: originIn,
  });
  // As an IP address, because what `localhost` resolves to depends on the machine.
  return { ...child, url: origin.replace('localhost', '127.0.0.1') };
}
