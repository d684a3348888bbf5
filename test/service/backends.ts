/** The databases that the suites run on: SQLite, and PostgreSQL if it is available. */
import { inject } from 'vitest';
import type { Backend } from './harness.js';

export const hasPostgres = inject('postgresUrl') !== '';
export const BACKENDS: Backend[] = hasPostgres ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
