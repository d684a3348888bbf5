/** A state of every name and an event of every kind, for the tests of the reducer. */
import type { CapturePhase, FrameReport, Receipt } from '../../src/protocol/worker-api.js';
import { IDLE, isRunning, reduce } from '../../src/session/reduce.js';
import type { Effect, SessionEvent, SessionState, StateName } from '../../src/session/state.js';
import { attemptOf, frameOf, TIMING } from './samples.js';

export const RUN = 3;
export const ATTEMPT = attemptOf();
export const FAILURE = { code: 'CameraInUse', message: 'why' } as const;
export const RECEIPT: Receipt = { requestId: 'request-id', digest: 'A'.repeat(64), livenessDecision: null };

export const report = (phase: CapturePhase, changes: Partial<FrameReport> = {}): FrameReport => ({
  phase,
  guidance: { code: 'moveCloser', escalation: 0 },
  progress: 0.4,
  turn: null,
  analysis: frameOf(),
  timing: TIMING,
  ...changes,
});

/** One state of every name. */
export const STATES: { [Name in StateName]: Extract<SessionState, { name: Name }> } = {
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
export const NAMES = Object.keys(STATES) as StateName[];
export const RUNNING = NAMES.filter((name) => isRunning(STATES[name]));
export const ENDED = NAMES.filter((name) => !isRunning(STATES[name]));

/** One event of every kind, and one report of every phase. */
export const EVENTS: SessionEvent[] = [
  { run: RUN, type: 'start' },
  { run: RUN, type: 'loading', progress: 0.5 },
  { run: RUN, type: 'detectorReady' },
  { run: RUN, type: 'cameraReady' },
  { run: RUN, type: 'cameraLost' },
  { run: RUN, type: 'cameraStalled' },
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
export const nameOf = (event: SessionEvent) => (event.type === 'report' ? `report ${event.report.phase}` : event.type);
export const types = (effects: readonly Effect[]) => effects.map(({ type }) => type);

/** Reduces these events, from `idle`. @returns the last state and all effects */
export function run(events: readonly SessionEvent[]): { state: SessionState; effects: Effect[] } {
  let state: SessionState = IDLE;
  const effects: Effect[] = [];
  for (const event of events) {
    const step = reduce(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

export const PREPARED: SessionEvent[] = [
  { run: RUN, type: 'start' },
  { run: RUN, type: 'detectorReady' },
  { run: RUN, type: 'cameraReady' },
  { run: RUN, type: 'attemptStarted', attempt: ATTEMPT },
];
