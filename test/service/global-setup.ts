/** Set up once for all files of the suite: one PostgreSQL, and the built server. */
import type { TestProject } from 'vitest/node';
import { buildChanged } from '../../scripts/build.js';
import { providePostgres } from './postgres.js';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildChanged(['server']);
  return providePostgres(project);
}
