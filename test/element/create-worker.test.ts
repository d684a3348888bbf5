/** From which origin a worker is: one from another needs an address of the page's own. */
import { afterEach, expect, it, vi } from 'vitest';
import { createWorker } from '../../src/create-worker.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('one address for each file, however many workers are ended before they begin', () => {
  const made = vi.spyOn(URL, 'createObjectURL');
  for (let count = 0; count < 3; count++)
    createWorker('https://elsewhere.invalid/liveness.worker.js').worker.terminate();
  expect(made).toHaveBeenCalledTimes(1);
  createWorker('https://elsewhere.invalid/other.worker.js').worker.terminate();
  expect(made).toHaveBeenCalledTimes(2);
});

it('a script of the page may have taken the name `origin`', () => {
  const made = vi.spyOn(URL, 'createObjectURL');
  vi.stubGlobal('origin', 'Berlin');
  createWorker('/liveness.worker.js').worker.terminate();
  expect(made).not.toHaveBeenCalled();
});
