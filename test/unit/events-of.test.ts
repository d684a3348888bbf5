import { describe, expect, it } from 'vitest';
import { LivenessError } from '../../src/errors.js';
import { eventsOf } from '../../src/session/events-of.js';
import { FAILURE, NAMES, STATES } from './states.js';

const types = (...step: Parameters<typeof eventsOf>) => eventsOf(...step).map(({ type }) => type);

const guidance = { code: 'moveCloser', escalation: 0 } as const;
const { framing, capturing, preparing, submitting } = STATES;
const guided = { ...framing, guidance };

it.each(NAMES)('%s to itself: fires no event but that of an end', (name) => {
  expect(types(STATES[name], STATES[name]).filter((type) => !/complete|error|cancel/.test(type))).toEqual([]);
});

it('fires guidance, progress and state, in this order', () => {
  expect(eventsOf(preparing, { ...guided, progress: 0.5 })).toMatchObject([
    { type: 'liveness-guidance', guidance, turn: null },
    { type: 'liveness-progress', phase: 'capture', progress: 0.5 },
    { type: 'liveness-state', state: 'framing' },
  ]);
});

describe('guidance', () => {
  it('fires once, and again when it escalates', () => {
    expect(types(framing, guided)).toEqual(['liveness-guidance']);
    expect(types(guided, { ...framing, guidance: { ...guidance } })).toEqual([]);
    expect(types(guided, { ...framing, guidance: { ...guidance, escalation: 1 } })).toEqual(['liveness-guidance']);
    expect(types(guided, framing)).toEqual([]);
  });

  it('has the turn it is about', () => {
    const turn = { index: 0, count: 2, direction: 'lookLeft', share: 0.2 } as const;
    expect(eventsOf(STATES.activeMotion, { ...STATES.activeMotion, guidance, turn })).toMatchObject([
      { type: 'liveness-guidance', guidance, turn },
    ]);
  });
});

describe('progress', () => {
  it('fires when it changes, and when another state begins with the same value', () => {
    expect(types(framing, { ...framing, progress: 0.1 })).toEqual(['liveness-progress']);
    expect(types(capturing, { ...framing, progress: capturing.progress })).toEqual([
      'liveness-progress',
      'liveness-state',
    ]);
  });

  it.each([
    [preparing, 'loading'],
    [capturing, 'capture'],
    [submitting, 'upload'],
  ] as const)('has the phase $1 in $name', (state, phase) => {
    expect(eventsOf(state, { ...state, progress: 0.7 })).toMatchObject([
      { type: 'liveness-progress', phase, progress: 0.7 },
    ]);
  });
});

describe('an end', () => {
  it.each([
    ['succeeded', 'liveness-complete'],
    ['failed', 'liveness-error'],
    ['canceled', 'liveness-cancel'],
  ] as const)('%s: fires the state, then %s', (name, type) => {
    expect(types(submitting, STATES[name])).toEqual(['liveness-state', type]);
  });

  it('has its result or its error', () => {
    expect(eventsOf(submitting, STATES.succeeded).at(-1)).toMatchObject({ result: STATES.succeeded.result });
    const { error } = eventsOf(submitting, STATES.failed).at(-1) as unknown as { error: LivenessError };
    expect(error).toBeInstanceOf(LivenessError);
    expect(error.code).toBe(FAILURE.code);
  });

  it('fires again after the same end', () => {
    expect(types(STATES.failed, STATES.failed)).toEqual(['liveness-error']);
  });
});
