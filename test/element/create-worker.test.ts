/** Workers from another origin, which need an address of the page's own. */
import { afterEach, expect, it, vi } from 'vitest';
import { createWorker } from '../../src/create-worker.js';

afterEach(() => vi.restoreAllMocks());

it('one address for each file, however many workers are ended before they begin', () => {
  const made = vi.spyOn(URL, 'createObjectURL');
  for (let count = 0; count < 3; count++) createWorker('https://elsewhere.invalid/liveness.worker.js').terminate();
  expect(made).toHaveBeenCalledTimes(1);
  createWorker('https://elsewhere.invalid/other.worker.js').terminate();
  expect(made).toHaveBeenCalledTimes(2);
});
