// The first thread of a pool waits while `workerData[1]` is 1, and then obeys; the others exit at once.
import { workerData } from 'node:worker_threads';

if (Atomics.add(workerData, 0, 1) > 0) process.exit(3);
const HELD = 1;
Atomics.wait(workerData, 1, HELD);
await import('./obedient.mjs');
