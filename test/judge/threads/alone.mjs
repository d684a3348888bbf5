// The first of its pool does what it is told; the others end at once.
import { workerData } from 'node:worker_threads';

if (Atomics.add(workerData, 0, 1) > 0) process.exit(3);
await import('./obedient.mjs');
