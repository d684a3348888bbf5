import { expect, it } from 'vitest';
import { DEFAULT_DEADLINES, resolveDeadlines } from '../../src/deadlines.js';

it('deadlines that are not set keep their defaults', () => {
  expect(resolveDeadlines({ framing: 5_000 })).toEqual({ ...DEFAULT_DEADLINES, framing: 5_000 });
});

it.each([2 ** 31, Infinity])('%d ms, which a timer would take for 0, become a day', (framing) => {
  expect(resolveDeadlines({ framing }).framing).toBe(86_400_000);
});
