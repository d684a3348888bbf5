import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GUIDANCE } from '../../src/protocol/guidance.js';
import { LIVENESS_ERRORS, type LivenessErrorCode } from '../../src/protocol/errors.js';
import type { CapturePhase, FrameReport, Receipt } from '../../src/protocol/worker-api.js';
import { IDLE, isRunning, reduce } from '../../src/session/reduce.js';
import type { Effect, SessionEvent, SessionState, StateName } from '../../src/session/state.js';
import { attemptOf, frameOf, TIMING } from './samples.js';

const RUN = 3;
const ATTEMPT = attemptOf();
const FAILURE = { code: 'CameraInUse', message: 'why' } as const;
const RECEIPT: Receipt = { requestId: 'request-id', digest: 'A'.repeat(64), status: 204, body: null };

const report = (phase: CapturePhase, changes: Partial<FrameReport> = {}): FrameReport => ({
  phase,
  guidance: { code: 'moveCloser', escalation: 0 },
  progress: 0.4,
  turn: null,
  analysis: frameOf(),
  timing: TIMING,
  ...changes,
});

/** One state of every name. */
const STATES: { [Name in StateName]: Extract<SessionState, { name: Name }> } = {
  idle: { name: 'idle' },
  preparing: {
    name: 'preparing',
    run: RUN,
    waiting: null,
    preparation: { detector: false, camera: false, attempt: null },
    progress: 0,
  },
  framing: { name: 'framing', run: RUN, waiting: null, attempt: ATTEMPT, guidance: null, progress: 0 },
  capturing: { name: 'capturing', run: RUN, waiting: null, attempt: ATTEMPT, guidance: null, progress: 0.5 },
  prompting: { name: 'prompting', run: RUN, waiting: null, attempt: ATTEMPT, reason: 'required' },
  activeMotion: {
    name: 'activeMotion',
    run: RUN,
    waiting: null,
    attempt: ATTEMPT,
    guidance: null,
    progress: 0.5,
    turn: null,
  },
  submitting: { name: 'submitting', run: RUN, waiting: null, attempt: ATTEMPT, progress: 0 },
  succeeded: {
    name: 'succeeded',
    run: RUN,
    result: { sessionId: 's', attemptId: 1, resultId: 'r', clientRequestId: 'c', digest: 'A'.repeat(64) },
  },
  failed: { name: 'failed', run: RUN, failure: FAILURE, attemptsRemaining: 2 },
  canceled: { name: 'canceled', run: RUN, code: 'UserCanceledSession', attemptsRemaining: 2, mayHaveSent: false },
};
const NAMES = Object.keys(STATES) as StateName[];
const RUNNING = NAMES.filter((name) => isRunning(STATES[name]));
const ENDED = NAMES.filter((name) => !isRunning(STATES[name]));

/** One event of every kind, and one report of every phase. */
const EVENTS: SessionEvent[] = [
  { run: RUN, type: 'start' },
  { run: RUN, type: 'loading', progress: 0.5 },
  { run: RUN, type: 'detectorReady' },
  { run: RUN, type: 'cameraReady' },
  { run: RUN, type: 'cameraLost' },
  { run: RUN, type: 'cameraChosen' },
  { run: RUN, type: 'connection', isLost: true },
  { run: RUN, type: 'connection', isLost: false },
  { run: RUN, type: 'page', isHidden: true },
  { run: RUN, type: 'page', isHidden: false },
  { run: RUN, type: 'attemptStarted', attempt: ATTEMPT },
  { run: RUN, type: 'report', report: report('framing') },
  { run: RUN, type: 'report', report: report('holding') },
  { run: RUN, type: 'report', report: report('prompting', { promptReason: 'tooDark' }) },
  { run: RUN, type: 'report', report: report('turning') },
  { run: RUN, type: 'report', report: report('captured', { guidance: null }) },
  { run: RUN, type: 'report', report: report('failed', { guidance: null, failure: 'EnvironmentNotSupported' }) },
  { run: RUN, type: 'promptAnswered', agreed: true },
  { run: RUN, type: 'promptAnswered', agreed: false },
  { run: RUN, type: 'sending', progress: 0.5 },
  { run: RUN, type: 'received', receipt: RECEIPT, clientRequestId: 'c' },
  { run: RUN, type: 'timedOut' },
  { run: RUN, type: 'failed', failure: FAILURE },
  { run: RUN, type: 'canceled' },
];
const nameOf = (event: SessionEvent) => (event.type === 'report' ? `report ${event.report.phase}` : event.type);
const types = (effects: readonly Effect[]) => effects.map(({ type }) => type);

/** A run from the start through these events. */
function run(events: readonly SessionEvent[]): { state: SessionState; effects: Effect[] } {
  let state: SessionState = IDLE;
  const effects: Effect[] = [];
  for (const event of events) {
    const step = reduce(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const PREPARED: SessionEvent[] = [
  { run: RUN, type: 'start' },
  { run: RUN, type: 'detectorReady' },
  { run: RUN, type: 'cameraReady' },
  { run: RUN, type: 'attemptStarted', attempt: ATTEMPT },
];

describe('every state and every event', () => {
  it.each(NAMES)('%s: a legal state, known effects, nothing thrown', (name) => {
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

  it.each(ENDED)('%s: what comes late is ignored, a start begins anew', (name) => {
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

  it.each(RUNNING)('%s: cancel releases, and closes an attempt that is open', (name) => {
    const { state, effects } = reduce(STATES[name], { run: RUN, type: 'canceled' });
    expect(state.name).toBe('canceled');
    expect(types(effects)).toEqual(
      name === 'preparing' || name === 'submitting' ? ['release'] : ['endAttempt', 'release'],
    );
  });

  it.each(RUNNING)('%s: a failure releases and says why', (name) => {
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
  const [start, ...three] = PREPARED as [SessionEvent, ...SessionEvent[]];
  const [a, b, c] = three as [SessionEvent, SessionEvent, SessionEvent];
  const orders = [
    [a, b, c],
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ];

  it.each(orders)('ends when all three are there, in whatever order: %o %o %o', (...order) => {
    expect(run([start, ...order.slice(0, 2)]).state.name).toBe('preparing');
    const { state, effects } = run([start, ...order]);
    expect(state).toEqual({ name: 'framing', run: RUN, waiting: null, attempt: ATTEMPT, guidance: null, progress: 0 });
    expect(effects).toEqual([
      { type: 'prepare' },
      { type: 'guide', attempt: ATTEMPT },
      { type: 'deadline', of: 'framing' },
    ]);
  });

  it('the same thing twice does not count for another', () => {
    expect(run([start, a, a, a]).state.name).toBe('preparing');
  });

  it('progress never goes back', () => {
    const loading = [0.2, 0.6, 0.4].map((progress) => ({ run: RUN, type: 'loading', progress }) as const);
    expect(run([start, ...loading]).state).toMatchObject({ progress: 0.6 });
  });

  it('an attempt that was opened is closed when the camera fails', () => {
    const { state, effects } = run([start, c, { run: RUN, type: 'failed', failure: FAILURE }]);
    expect(effects.slice(1)).toEqual([
      { type: 'endAttempt', attemptId: 1, reason: 'CameraInUse' },
      { type: 'release' },
    ]);
    expect(state).toMatchObject({ attemptsRemaining: 2 });
  });
});

describe('guiding', () => {
  const step = (name: 'framing' | 'capturing' | 'activeMotion', phase: CapturePhase, changes = {}) =>
    reduce(STATES[name], { run: RUN, type: 'report', report: report(phase, changes) });

  it('carries guidance and progress of the report', () => {
    expect(step('framing', 'framing').state).toMatchObject({ guidance: { code: 'moveCloser' }, progress: 0.4 });
    expect(step('framing', 'holding').state.name).toBe('capturing');
    expect(step('capturing', 'framing').state.name).toBe('framing');
  });

  it('captured: the frames are sent', () => {
    const { state, effects } = step('capturing', 'captured');
    expect(state).toEqual({ name: 'submitting', run: RUN, waiting: null, attempt: ATTEMPT, progress: 0 });
    expect(effects).toEqual([{ type: 'submit', attempt: ATTEMPT }]);
  });

  it.each(['EnvironmentNotSupported', 'HeadTurnNotPerformed', 'FaceTrackingFailed'] as const)('failed: %s', (code) => {
    const { state, effects } = step('activeMotion', 'failed', { failure: code });
    expect(state).toMatchObject({ name: 'failed', failure: { code } });
    expect(effects).toEqual([{ type: 'endAttempt', attemptId: 1, reason: code }, { type: 'release' }]);
  });

  it('the question has a deadline of its own, and so have the turns', () => {
    const asked = step('framing', 'prompting', { promptReason: 'tooBright' });
    expect(asked.state).toMatchObject({ name: 'prompting', reason: 'tooBright' });
    expect(asked.effects).toEqual([{ type: 'deadline', of: 'prompting' }]);
    const agreed = reduce(asked.state, { run: RUN, type: 'promptAnswered', agreed: true });
    expect(agreed.state.name).toBe('activeMotion');
    expect(agreed.effects).toEqual([{ type: 'turn' }, { type: 'deadline', of: 'activeMotion' }]);
  });

  it('a frame that was looked at before the worker heard of the agreement does not ask again', () => {
    const agreed = reduce(STATES.prompting, { run: RUN, type: 'promptAnswered', agreed: true }).state;
    const late = reduce(agreed, { run: RUN, type: 'report', report: report('prompting') });
    expect(late.state.name).toBe('activeMotion');
    expect(late.effects).toEqual([]);
  });

  it('no answer, and no, are the same', () => {
    for (const event of [
      { run: RUN, type: 'timedOut' },
      { run: RUN, type: 'promptAnswered', agreed: false },
    ] as const) {
      const { state, effects } = reduce(STATES.prompting, event);
      expect(state).toMatchObject({ name: 'failed', failure: { code: 'UserCanceledActiveMotionPrompt' } });
      expect(effects).toEqual([
        { type: 'endAttempt', attemptId: 1, reason: 'UserCanceledActiveMotionPrompt' },
        { type: 'release' },
      ]);
    }
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

  it.each(GUIDANCE)('with %s said last', (code) => {
    const state: SessionState = { ...STATES.framing, guidance: { code, escalation: 1 } };
    expect(reduce(state, { run: RUN, type: 'timedOut' }).state).toMatchObject({
      name: 'failed',
      failure: { code: BECAUSE[code] ?? 'TimedOut' },
    });
  });

  it('during the turns', () => {
    expect(reduce(STATES.activeMotion, { run: RUN, type: 'timedOut' }).state).toMatchObject({
      failure: { code: 'HeadTurnNotPerformed' },
    });
  });
});

describe('another camera', () => {
  const cameraLost = { run: RUN, type: 'cameraLost' } as const;
  const cameraChosen = { run: RUN, type: 'cameraChosen' } as const;
  const cameraReady = { run: RUN, type: 'cameraReady' } as const;

  it.each(['framing', 'capturing'] as const)('%s begins anew with it', (name) => {
    const lost = reduce(STATES[name], cameraLost);
    expect(lost.state).toMatchObject({ name: 'framing', guidance: { code: 'cameraStalled' }, progress: 0 });
    expect(lost.effects).toEqual([{ type: 'reopenCamera' }]);
    expect(reduce(STATES[name], cameraChosen).state).toMatchObject({ name: 'framing', guidance: null, progress: 0 });
    expect(reduce(lost.state, cameraReady).effects).toEqual([{ type: 'guide', attempt: ATTEMPT }]);
  });

  it('while preparing: once there was one', () => {
    const [start, , camera] = PREPARED as [SessionEvent, SessionEvent, SessionEvent];
    expect(run([start, cameraLost, cameraChosen]).effects).toEqual([{ type: 'prepare' }]);
    expect(run([start, camera, cameraLost]).effects).toEqual([{ type: 'prepare' }, { type: 'reopenCamera' }]);
    expect(run([start, camera, cameraLost]).state).toMatchObject({ preparation: { camera: false } });
  });

  it.each(['prompting', 'activeMotion'] as const)('%s goes on with none but the one it began with', (name) => {
    expect(reduce(STATES[name], cameraLost).state).toMatchObject({ failure: { code: 'CameraDisconnected' } });
    expect(reduce(STATES[name], cameraChosen)).toEqual({ state: STATES[name], effects: [] });
  });

  it('that comes while the page is hidden is guided with once it is back', () => {
    const events = [cameraChosen, { run: RUN, type: 'page', isHidden: true }, cameraReady] as const;
    const { state, effects } = run([...PREPARED, ...events, { run: RUN, type: 'page', isHidden: false }]);
    expect(state).toMatchObject({ name: 'framing', waiting: null });
    expect(types(effects).slice(3)).toEqual(['reopenCamera', 'pause', 'guide', 'resume']);
  });

  it('that is chosen while the page is hidden is opened', () => {
    const { effects } = reduce({ ...STATES.capturing, waiting: 'page' }, cameraChosen);
    expect(effects).toEqual([{ type: 'reopenCamera' }]);
  });

  it('is nothing to a session that sends', () => {
    expect(reduce(STATES.submitting, cameraLost)).toEqual({ state: STATES.submitting, effects: [] });
  });
});

describe('waiting', () => {
  const page = (isHidden: boolean) => ({ run: RUN, type: 'page', isHidden }) as const;
  const connection = (isLost: boolean) => ({ run: RUN, type: 'connection', isLost }) as const;

  it.each(['framing', 'capturing', 'prompting', 'activeMotion'] as const)(
    '%s waits for the page, and goes on',
    (name) => {
      const hidden = reduce(STATES[name], page(true));
      expect(hidden).toEqual({ state: { ...STATES[name], waiting: 'page' }, effects: [{ type: 'pause' }] });
      expect(reduce(hidden.state, page(true)).effects, 'once').toEqual([]);
      for (const event of EVENTS.filter(({ type }) => ['report', 'promptAnswered', 'cameraLost'].includes(type))) {
        expect(reduce(hidden.state, event), nameOf(event)).toEqual({ state: hidden.state, effects: [] });
      }
      expect(reduce(hidden.state, page(false))).toEqual({ state: STATES[name], effects: [{ type: 'resume' }] });
    },
  );

  it('too long in the background is an end of its own', () => {
    const { state } = reduce(STATES.capturing, page(true));
    expect(reduce(state, { run: RUN, type: 'timedOut' }).state).toMatchObject({ failure: { code: 'PageHidden' } });
  });

  it.each(['preparing', 'submitting'] as const)(
    '%s goes on in the background, and waits for the connection',
    (name) => {
      expect(reduce(STATES[name], page(true))).toEqual({ state: STATES[name], effects: [] });
      const lost = reduce(STATES[name], connection(true)).state;
      expect(lost).toMatchObject({ name, waiting: 'connection' });
      expect(reduce(lost, connection(false)).state).toMatchObject({ name, waiting: null });
    },
  );

  it('canceled while it sends: nobody knows what has arrived', () => {
    expect(reduce(STATES.submitting, { run: RUN, type: 'canceled' }).state).toMatchObject({ mayHaveSent: true });
    expect(reduce(STATES.framing, { run: RUN, type: 'canceled' }).state).toMatchObject({ mayHaveSent: false });
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

  it('is what the back end needs, and no decision unless the session sends one', () => {
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

  it('carries the decision over for display', () => {
    expect(received({ status: 200, body: { livenessDecision: 'uncertain' } }).state).toMatchObject({
      result: { livenessDecision: 'uncertain' },
    });
  });
});

describe('any sequence of events', () => {
  const event = fc.constantFrom(...EVENTS.filter(({ type }) => type !== 'start'));
  const anyRun = fc.array(
    fc.tuple(event, fc.constantFrom(RUN, RUN, RUN, RUN, RUN + 1)).map(([one, of]) => ({ ...one, run: of })),
    { maxLength: 40 },
  );

  it('one run releases exactly once, at its end, and asks for nothing afterwards', () => {
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

  it('prepares once, submits at most once, closes an attempt at most once and never after sending', () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const asked = types(run([...PREPARED, ...events]).effects);
        const count = (type: Effect['type']) => asked.filter((one) => one === type).length;
        expect(count('prepare')).toBe(1);
        const cameras = events.filter(({ type }) => type === 'cameraReady').length;
        expect(count('guide'), 'once with each camera').toBeLessThanOrEqual(1 + cameras);
        expect(count('submit') + count('endAttempt')).toBeLessThanOrEqual(1);
        expect(count('turn')).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('every way to fail has a code of the vocabulary', () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const { state } = run([...PREPARED, ...events]);
        if (state.name === 'failed') expect(Object.keys(LIVENESS_ERRORS)).toContain(state.failure.code);
      }),
    );
  });
});
