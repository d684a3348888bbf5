import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIVENESS_ERRORS } from '../../src/protocol/errors.js';
import { isRunning } from '../../src/session/reduce.js';
import type { Effect } from '../../src/session/state.js';
import { RUN, types, run, EVENTS, PREPARED } from './states.js';

describe('any sequence of events', () => {
  const event = fc.constantFrom(...EVENTS.filter(({ type }) => type !== 'start'));
  const anyRun = fc.array(
    fc.tuple(event, fc.constantFrom(RUN, RUN, RUN, RUN, RUN + 1)).map(([one, of]) => ({ ...one, run: of })),
    { maxLength: 40 },
  );

  it('releases exactly once per run, at its end, and has no effects afterwards', () => {
    fc.assert(
      fc.property(anyRun, fc.boolean(), (events, prepared) => {
        const { state, effects } = run([...PREPARED.slice(0, prepared ? 4 : 1), ...events]);
        const releases = types(effects).filter((type) => type === 'release');
        expect(releases).toHaveLength(isRunning(state) ? 0 : 1);
        if (!isRunning(state)) expect(types(effects).at(-1)).toBe('release');
      }),
      { numRuns: 1_000 },
    );
  });

  it('prepares once, starts, submits or ends an attempt at most once, never ends a submitted one', () => {
    fc.assert(
      fc.property(anyRun, fc.constantFrom(3, 4), (events, there) => {
        const asked = types(run([...PREPARED.slice(0, there), ...events]).effects);
        const count = (type: Effect['type']) => asked.filter((one) => one === type).length;
        expect(count('prepare')).toBe(1);
        const cameras = events.filter(({ type }) => type === 'cameraReady').length;
        expect(count('guide'), 'once with each camera').toBeLessThanOrEqual(1 + cameras);
        expect(count('startAttempt')).toBeLessThanOrEqual(1);
        expect(count('submit') + count('endAttempt')).toBeLessThanOrEqual(1);
        expect(count('turn')).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('fails only with known error codes', () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const { state } = run([...PREPARED, ...events]);
        if (state.name === 'failed') expect(Object.keys(LIVENESS_ERRORS)).toContain(state.failure.code);
      }),
    );
  });
});
