import { describe, expect, it } from 'vitest';
import { GUIDANCE } from '../../src/protocol/guidance.js';
import type { LivenessErrorCode } from '../../src/protocol/errors.js';
import type { CapturePhase, Receipt } from '../../src/protocol/worker-api.js';
import { isRunning, reduce } from '../../src/session/reduce.js';
import type { SessionEvent, SessionState } from '../../src/session/state.js';
import {
  RECEIPT,
  RUN,
  ATTEMPT,
  FAILURE,
  report,
  STATES,
  NAMES,
  RUNNING,
  ENDED,
  EVENTS,
  nameOf,
  types,
  run,
  PREPARED,
} from './states.js';

describe('every state and every event', () => {
  it.each(NAMES)('%s: each event leads to a legal state with known effects', (name) => {
    const given = STATES[name];
    for (const event of EVENTS) {
      const what = nameOf(event);
      const before = structuredClone(given);
      const { state, effects } = reduce(given, event);
      expect(NAMES, what).toContain(state.name);
      expect(Object.keys(state).sort(), `${what}: the fields of that state and no others`).toEqual(
        Object.keys(STATES[state.name]).sort(),
      );
      const known = [
        'prepare',
        'reopenCamera',
        'startAttempt',
        'guide',
        'turn',
        'submit',
        'deadline',
        'pause',
        'resume',
        'endAttempt',
        'release',
      ];
      expect(known, what).toEqual(expect.arrayContaining(types(effects)));
      expect(given, `${what}: the state it was given is left alone`).toEqual(before);
      expect(types(effects).includes('release'), what).toBe(isRunning(given) && !isRunning(state));
      if (state.name === 'failed')
        expect(state.failure.message, `${what}: says more than its code`).not.toBe(state.failure.code);
    }
  });

  it.each(NAMES)('%s: events of another run change nothing', (name) => {
    for (const event of EVENTS.filter(({ type }) => type !== 'start')) {
      for (const other of [RUN - 1, RUN + 1]) {
        const { state, effects } = reduce(STATES[name], { ...event, run: other });
        expect(state, nameOf(event)).toBe(STATES[name]);
        expect(effects, nameOf(event)).toEqual([]);
      }
    }
  });

  it.each(ENDED)('%s: late events change nothing, and a start begins a new run', (name) => {
    for (const event of EVENTS) {
      const { state, effects } = reduce(STATES[name], event);
      if (event.type === 'start') {
        expect(state.name).toBe('preparing');
        expect(types(effects)).toEqual(['prepare']);
      } else {
        expect(state).toBe(STATES[name]);
        expect(effects).toEqual([]);
      }
    }
  });

  it.each(RUNNING)('%s: a second start changes nothing', (name) => {
    expect(reduce(STATES[name], { run: RUN + 1, type: 'start' })).toEqual({ state: STATES[name], effects: [] });
  });

  it.each(RUNNING)('%s: cancel releases, and ends an open attempt', (name) => {
    const { state, effects } = reduce(STATES[name], { run: RUN, type: 'canceled' });
    expect(state.name).toBe('canceled');
    expect(types(effects)).toEqual(
      name === 'preparing' || name === 'submitting' ? ['release'] : ['endAttempt', 'release'],
    );
  });

  it.each(RUNNING)('%s: a failure ends the run with that failure, and releases', (name) => {
    const { state, effects } = reduce(STATES[name], { run: RUN, type: 'failed', failure: FAILURE });
    expect(state).toEqual({
      name: 'failed',
      run: RUN,
      failure: FAILURE,
      attemptsRemaining: name === 'preparing' ? null : 2,
    });
    expect(types(effects).at(-1)).toBe('release');
  });
});

describe('preparing', () => {
  const [start, detector, camera, attempt] = PREPARED as [SessionEvent, SessionEvent, SessionEvent, SessionEvent];
  const lost = { run: RUN, type: 'cameraLost' } as const;

  it.each([
    [detector, camera],
    [camera, detector],
  ])('starts the attempt once detector and camera are ready, and ends with it: %o %o', (...order) => {
    expect(types(run([start, order[0]]).effects)).toEqual(['prepare']);
    expect(run([start, ...order]).state.name).toBe('preparing');
    const { state, effects } = run([start, ...order, attempt]);
    expect(state).toEqual({ name: 'framing', run: RUN, waiting: null, attempt: ATTEMPT, guidance: null, progress: 0 });
    expect(effects).toEqual([
      { type: 'prepare' },
      { type: 'startAttempt' },
      { type: 'guide', attempt: ATTEMPT },
      { type: 'deadline', of: 'framing' },
    ]);
  });

  it('starts no attempt while the camera is lost, and one with the next camera', () => {
    const before = run([start, camera, lost, detector]);
    expect(types(before.effects)).toEqual(['prepare', 'reopenCamera']);
    expect(types(run([start, camera, lost, detector, camera]).effects).at(-1)).toBe('startAttempt');
  });

  it('starts no second attempt if the camera is lost after the first was asked for', () => {
    const events = [start, detector, camera, lost, camera];
    expect(types(run(events).effects)).toEqual(['prepare', 'startAttempt', 'reopenCamera']);
    expect(run([...events, attempt]).state.name).toBe('framing');
  });

  it('does not take a repeated detectorReady for the camera', () => {
    expect(run([start, detector, detector, detector]).state.name).toBe('preparing');
    expect(types(run([start, detector, detector]).effects)).toEqual(['prepare']);
  });

  it('has progress that never goes back', () => {
    const loading = [0.2, 0.6, 0.4].map((progress) => ({ run: RUN, type: 'loading', progress }) as const);
    expect(run([start, ...loading]).state).toMatchObject({ progress: 0.6 });
  });

  it('ends an attempt that was started if the camera fails', () => {
    const failed = { run: RUN, type: 'failed', failure: FAILURE } as const;
    const { state, effects } = run([start, detector, camera, lost, attempt, failed]);
    expect(effects.slice(3)).toEqual([
      { type: 'endAttempt', attemptId: 1, reason: 'CameraInUse' },
      { type: 'release' },
    ]);
    expect(state).toMatchObject({ attemptsRemaining: 2 });
  });

  it('ends no attempt that was asked for but not granted', () => {
    const { state, effects } = run([start, detector, camera, { run: RUN, type: 'failed', failure: FAILURE }]);
    expect(types(effects)).toEqual(['prepare', 'startAttempt', 'release']);
    expect(state).toMatchObject({ attemptsRemaining: null });
  });
});

describe('guiding', () => {
  const step = (name: 'framing' | 'capturing' | 'activeMotion', phase: CapturePhase, changes = {}) =>
    reduce(STATES[name], { run: RUN, type: 'report', report: report(phase, changes) });

  it('takes phase, guidance and progress from the report', () => {
    expect(step('framing', 'framing').state).toMatchObject({ guidance: { code: 'moveCloser' }, progress: 0.4 });
    expect(step('framing', 'holding').state.name).toBe('capturing');
    expect(step('capturing', 'framing').state.name).toBe('framing');
  });

  it('submits the frames when they are captured', () => {
    const { state, effects } = step('capturing', 'captured');
    expect(state).toEqual({ name: 'submitting', run: RUN, waiting: null, attempt: ATTEMPT, progress: 0 });
    expect(effects).toEqual([{ type: 'submit' }]);
  });

  it.each([
    'EnvironmentNotSupported',
    'HeadTurnNotPerformed',
    'SmileNotPerformed',
    'FaceTrackingFailed',
    'MultipleFacesDetected',
  ] as const)('fails with %s from the report, ends the attempt and releases', (code) => {
    const { state, effects } = step('activeMotion', 'failed', { failure: code });
    expect(state).toMatchObject({ name: 'failed', failure: { code } });
    expect(effects).toEqual([{ type: 'endAttempt', attemptId: 1, reason: code }, { type: 'release' }]);
  });

  it('sets a deadline for the prompt, and another for the head turns', () => {
    const asked = step('framing', 'prompting', { promptReason: 'tooBright' });
    expect(asked.state).toMatchObject({ name: 'prompting', reason: 'tooBright' });
    expect(asked.effects).toEqual([{ type: 'deadline', of: 'prompting' }]);
    const agreed = reduce(asked.state, { run: RUN, type: 'promptAnswered', agreed: true });
    expect(agreed.state.name).toBe('activeMotion');
    expect(agreed.effects).toEqual([{ type: 'turn' }, { type: 'deadline', of: 'activeMotion' }]);
  });

  it('does not prompt again for a frame analysed before the worker heard of the agreement', () => {
    const agreed = reduce(STATES.prompting, { run: RUN, type: 'promptAnswered', agreed: true }).state;
    const late = reduce(agreed, { run: RUN, type: 'report', report: report('prompting') });
    expect(late.state.name).toBe('activeMotion');
    expect(late.effects).toEqual([]);
  });

  it.each([
    [
      'fails, ends the attempt and releases when the person declines',
      { run: RUN, type: 'promptAnswered', agreed: false },
      'UserCanceledActiveMotionPrompt',
    ],
    [
      'fails, ends the attempt and releases when the person does not answer',
      { run: RUN, type: 'timedOut' },
      'ActiveMotionPromptTimedOut',
    ],
  ] as const)('%s', (_, event, code) => {
    const { state, effects } = reduce(STATES.prompting, event);
    expect(state).toMatchObject({ name: 'failed', failure: { code } });
    expect(effects).toEqual([{ type: 'endAttempt', attemptId: 1, reason: code }, { type: 'release' }]);
  });
});

describe('out of time', () => {
  const BECAUSE: Partial<Record<(typeof GUIDANCE)[number], LivenessErrorCode>> = {
    noFace: 'NoFaceDetected',
    severalFaces: 'MultipleFacesDetected',
    tooDark: 'EnvironmentNotSupported',
    tooBright: 'EnvironmentNotSupported',
    cameraStalled: 'CameraInterrupted',
  };

  it.each(GUIDANCE)('has the code for %s if that was the last guidance', (code) => {
    const state: SessionState = { ...STATES.framing, guidance: { code, escalation: 1 } };
    expect(reduce(state, { run: RUN, type: 'timedOut' }).state).toMatchObject({
      name: 'failed',
      failure: { code: BECAUSE[code] ?? 'TimedOut' },
    });
  });

  it('has the code CameraInterrupted if the camera stalls in the head turns', () => {
    const state: SessionState = { ...STATES.activeMotion, guidance: { code: 'cameraStalled', escalation: 0 } };
    expect(reduce(state, { run: RUN, type: 'timedOut' }).state).toMatchObject({
      failure: { code: 'CameraInterrupted' },
    });
  });

  it.each([
    ['is asked for', { turn: { direction: 'smile', share: 0, index: 1, count: 2 } }],
    ['has to wait for a mouth at rest', { guidance: { code: 'relaxMouth', escalation: 0 } }],
  ] as const)('has the code SmileNotPerformed if a smile %s', (_, changes) => {
    const state: SessionState = { ...STATES.activeMotion, ...changes };
    expect(reduce(state, { run: RUN, type: 'timedOut' }).state).toMatchObject({
      failure: { code: 'SmileNotPerformed' },
    });
  });

  it('has the code HeadTurnNotPerformed in the head turns', () => {
    expect(reduce(STATES.activeMotion, { run: RUN, type: 'timedOut' }).state).toMatchObject({
      failure: { code: 'HeadTurnNotPerformed' },
    });
  });
});

describe('the result', () => {
  const received = (receipt: Partial<Receipt>) =>
    reduce(STATES.submitting, {
      run: RUN,
      type: 'received',
      receipt: { ...RECEIPT, ...receipt },
      clientRequestId: 'client-request-id',
    });

  it('has the ids and the digest, and no decision if the service sends none', () => {
    const { state, effects } = received({});
    expect(state).toEqual({
      name: 'succeeded',
      run: RUN,
      result: {
        sessionId: ATTEMPT.sessionId,
        attemptId: 1,
        resultId: 'request-id',
        clientRequestId: 'client-request-id',
        digest: 'A'.repeat(64),
      },
    });
    expect(effects).toEqual([{ type: 'release' }]);
  });

  it('has the decision for display if the service sends one', () => {
    expect(received({ livenessDecision: 'uncertain' }).state).toMatchObject({
      result: { livenessDecision: 'uncertain' },
    });
  });
});
