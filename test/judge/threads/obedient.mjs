// Does what a message tells it to: answer, fail, hang, exit or fill its memory.
import { parentPort, threadId } from 'node:worker_threads';

const deeds = {
  answer: (value) => parentPort.postMessage({ kind: 'answer', value: value ?? threadId }),
  wait: (ms) => setTimeout(() => deeds.answer(), ms),
  fail: (ms) => setTimeout(() => parentPort.postMessage({ kind: 'failed', message: 'told to' }), ms),
  throw: () => {
    throw new Error('told to');
  },
  exit: () => process.exit(3),
  hang: () => {
    for (;;);
  },
  fill: () => {
    for (const kept = []; ;) kept.push(new Array(1e5).fill(kept.length));
  },
};

parentPort.on('message', ([deed, value]) => deeds[deed](value));
parentPort.postMessage({ kind: 'ready' });
