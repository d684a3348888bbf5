import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuidanceCode } from '../../src/protocol/guidance.js';
import { DEFAULT_POLICY } from '../../src/protocol/policy.js';
import { steady, STEADY_AT_ONCE, STEADY_START, type SteadyState } from '../../worker/guide/steady.js';

const POLICY = { settleMs: 200, showMs: 700, hysteresis: 0.1, escalateMs: 5_000 };

/** The code shown after each of `calls`: pairs of a time in milliseconds and the code called for. */
function show(calls: readonly (readonly [number, GuidanceCode])[], start = STEADY_AT_ONCE): (string | undefined)[] {
  let state: SteadyState = start;
  return calls.map(([time, code]) => {
    state = steady(state, { code }, time, POLICY);
    return state.shown?.code;
  });
}

it('shows the first call at once with STEADY_AT_ONCE', () => {
  expect(show([[0, 'noFace']])).toEqual(['noFace']);
});

it('shows nothing with STEADY_START until a call has lasted for `settleMs`', () => {
  const shown = show(
    [
      [0, 'tooDark'],
      [150, 'tooDark'],
      [183, 'moveCloser'],
      [350, 'moveCloser'],
      [383, 'moveCloser'],
    ],
    STEADY_START,
  );
  expect(shown).toEqual([undefined, undefined, undefined, undefined, 'moveCloser']);
});

it('shows other guidance only after it was called for `settleMs`', () => {
  const shown = show([
    [0, 'noFace'],
    [5000, 'moveCloser'],
    [5199, 'moveCloser'],
    [5200, 'moveCloser'],
  ]);
  expect(shown).toEqual(['noFace', 'noFace', 'noFace', 'moveCloser']);
});

it('shows guidance for at least `showMs`', () => {
  const shown = show([
    [0, 'noFace'],
    [100, 'moveCloser'],
    [400, 'moveCloser'],
    [699, 'moveCloser'],
    [700, 'moveCloser'],
  ]);
  expect(shown).toEqual(['noFace', 'noFace', 'noFace', 'noFace', 'moveCloser']);
});

it('starts `settleMs` again after one stray call', () => {
  const shown = show([
    [0, 'noFace'],
    [1000, 'moveCloser'],
    [1150, 'noFace'],
    [1200, 'moveCloser'],
    [1399, 'moveCloser'],
    [1400, 'moveCloser'],
  ]);
  expect(shown).toEqual(['noFace', 'noFace', 'noFace', 'noFace', 'noFace', 'moveCloser']);
});

it('has the newest value of the guidance it shows', () => {
  const first = steady(STEADY_AT_ONCE, { code: 'moveCloser', value: 0.2, threshold: 0.42 }, 0, POLICY);
  const second = steady(first, { code: 'moveCloser', value: 0.3, threshold: 0.42 }, 40, POLICY);
  expect(second.shown).toEqual({ code: 'moveCloser', value: 0.3, threshold: 0.42, escalation: 0 });
});

describe('escalation', () => {
  it.each([
    [0, 0],
    [4_999, 0],
    [5_000, 1],
    [9_999, 1],
    [10_000, 2],
    [60_000, 2],
  ])('after %i ms it is %i', (time, escalation) => {
    const first = steady(STEADY_AT_ONCE, { code: 'noFace' }, 0, POLICY);
    expect(steady(first, { code: 'noFace' }, time, POLICY).shown?.escalation).toBe(escalation);
  });

  it('starts again at 0 with other guidance', () => {
    let state = steady(STEADY_AT_ONCE, { code: 'noFace' }, 0, POLICY);
    state = steady(state, { code: 'noFace' }, 11_000, POLICY);
    state = steady(state, { code: 'moveCloser' }, 11_100, POLICY);
    state = steady(state, { code: 'moveCloser' }, 11_300, POLICY);
    expect(state.shown).toEqual({ code: 'moveCloser', escalation: 0 });
  });
});

describe('over any sequence of calls', () => {
  const codes: GuidanceCode[] = ['noFace', 'moveCloser', 'moveLeft', 'holding', 'tooDark'];
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom(...codes)), {
    minLength: 1,
    maxLength: 200,
  });
  const timed = steps.map((list) => {
    let time = 0;
    return list.map(([gap, code]) => [(time += gap), code] as const);
  });

  it('shows something from twice `settleMs` on, and changes it at most once per `showMs`', () => {
    fc.assert(
      fc.property(timed, fc.constantFrom(STEADY_START, STEADY_AT_ONCE), (calls, start) => {
        const all = show(calls, start);
        const silent = start === STEADY_START ? 2 * POLICY.settleMs + (calls[0]?.[0] ?? NaN) : 0;
        const shown = all.filter((_, at) => (calls[at]?.[0] ?? NaN) >= silent);
        const changes = all.flatMap((code, at) => (all[at - 1] && code !== all[at - 1] ? [calls[at]?.[0] ?? NaN] : []));
        expect(shown).not.toContain(undefined);
        for (const [at, time] of changes.entries()) {
          if (at > 0) expect(time - (changes[at - 1] ?? NaN)).toBeGreaterThanOrEqual(POLICY.showMs);
        }
      }),
    );
  });

  it('shows nothing that was not called in that frame or before', () => {
    fc.assert(
      fc.property(timed, (calls) => {
        for (const [at, code] of show(calls).entries()) {
          expect(calls.slice(0, at + 1).map(([, called]) => called)).toContain(code);
        }
      }),
    );
  });

  it('shows what is called for long enough, whatever came before', () => {
    fc.assert(
      fc.property(timed, fc.constantFrom(...codes), (calls, code) => {
        const end = calls.at(-1)?.[0] ?? 0;
        const insisting = Array.from({ length: 40 }, (_, at) => [end + 33 * (at + 1), code] as const);
        expect(show([...calls, ...insisting]).at(-1)).toBe(code);
      }),
    );
  });

  it('stops showing what is no longer called, even while two others take turns', () => {
    // A face at the edge of two bounds, which misses one and the other in turn, at 30 pictures a second.
    const edge = Array.from({ length: 90 }, (_, at) => [1000 + 33 * at, at % 2 ? 'moveCloser' : 'moveLeft'] as const);
    expect(show([[0, 'noFace'], [500, 'noFace'], ...edge]).at(-1)).not.toBe('noFace');
  });
});

it('has a default showMs that is longer than the default settleMs', () => {
  expect(DEFAULT_POLICY.guidance.showMs).toBeGreaterThan(DEFAULT_POLICY.guidance.settleMs);
});
