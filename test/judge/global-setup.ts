/** For all files of the suite: the judge's thread, and one PostgreSQL. */
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../service/postgres.js';
import { prepareJudge } from './prepare.js';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres] = await Promise.all([startPostgres({ durable: false }), prepareJudge()]);
  project.provide('postgresUrl', postgres.url);
  return () => postgres.stop();
}
