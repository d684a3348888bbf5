/** A worker file of another origin is started from a blob address, which has the page's own origin. */
import { afterEach, expect, it, vi } from 'vitest';
import { createWorker } from '../../src/create-worker.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('makes one blob address per cross-origin file, however many workers of it are terminated early', () => {
  const made = vi.spyOn(URL, 'createObjectURL');
  for (let count = 0; count < 3; count++)
    createWorker('https://elsewhere.invalid/liveness.worker.js').worker.terminate();
  expect(made).toHaveBeenCalledTimes(1);
  createWorker('https://elsewhere.invalid/other.worker.js').worker.terminate();
  expect(made).toHaveBeenCalledTimes(2);
});

it('makes no blob address for a same-origin file, even if a script of the page sets a global `origin`', () => {
  const made = vi.spyOn(URL, 'createObjectURL');
  vi.stubGlobal('origin', 'Berlin');
  createWorker('/liveness.worker.js').worker.terminate();
  expect(made).not.toHaveBeenCalled();
});
