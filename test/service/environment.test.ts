/** What the service takes from its environment, and what it refuses rather than to run otherwise than was meant. */
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../demo/server/environment.js';
import { API_KEY } from './harness.js';

const read = (variables: Record<string, string>) => readEnvironment({ LIVENESS_API_KEYS: API_KEY, ...variables });

it('takes the demo only by its name', () => {
  expect([read({}).demo, read({ LIVENESS_DEMO: 'off' }).demo, read({ LIVENESS_DEMO: 'on' }).demo]).toEqual([
    false,
    false,
    true,
  ]);
});

describe('refuses', () => {
  it.each([
    ['LIVENESS_DEMO', 'yes'],
    ['LIVENESS_DEMO', 'true'],
  ])('%s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
  });
});
