// The first of its pool does what it is told, once it is let start; the others end at once.
import { workerData } from 'node:worker_threads';

if (Atomics.add(workerData, 0, 1) > 0) process.exit(3);
const HELD = 1;
Atomics.wait(workerData, 1, HELD);
await import('./obedient.mjs');
