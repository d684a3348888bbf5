/** What the suites run on: each on both, where both are there. */
import { inject } from 'vitest';
import type { Backend } from './harness.js';

export const hasPostgres = inject('postgresUrl') !== '';
export const BACKENDS: Backend[] = hasPostgres ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
