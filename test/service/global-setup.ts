/** For all files of the suite: one PostgreSQL, and the server as it is shipped. */
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.js';
import { buildServer } from './process.js';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildServer();
  const postgres = await startPostgres({ durable: false });
  project.provide('postgresUrl', postgres.url);
  return () => postgres.stop();
}
