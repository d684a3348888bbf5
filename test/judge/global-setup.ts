/** For all files of the suite: the judge's thread, and one PostgreSQL. */
import type { TestProject } from 'vitest/node';
import { providePostgres } from '../service/postgres.js';
import { prepareJudge } from './prepare.js';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await prepareJudge();
  return providePostgres(project);
}
