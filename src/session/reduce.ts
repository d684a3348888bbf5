/** The session flow as a pure function. It knows nothing of the DOM, the camera, the worker or the clock. */
import { LIVENESS_ERRORS, type LivenessErrorCode } from '../protocol/errors.js';
import type { Failure } from '../protocol/failure.js';
import { notPerformed, type Guidance } from '../protocol/guidance.js';
import type { FrameReport } from '../protocol/worker-api.js';
import type { Effect, In, SessionEvent, SessionState } from './state.js';

export type Step = { state: SessionState; effects: Effect[] };

export const IDLE: SessionState = { name: 'idle' };

const STALLED = { code: 'cameraStalled', escalation: 0 } satisfies Guidance;

export function reduce(state: SessionState, event: SessionEvent): Step {
  if (event.type === 'start') {
    if (isRunning(state)) return stay(state);
    const preparation = { detector: false, camera: false, attempt: null };
    return {
      state: { name: 'preparing', run: event.run, waiting: null, preparation, progress: 0 },
      effects: [{ type: 'prepare' }],
    };
  }
  if (!isRunning(state) || state.run !== event.run) return stay(state);
  if (event.type === 'failed') return fail(state, event.failure);
  if (event.type === 'canceled') return cancel(state);
  if (event.type === 'page') return wait(state, event.isHidden);
  // These two are handled even while the page is hidden, because each is dispatched only once.
  const goesOn = event.type === 'cameraReady' || event.type === 'cameraChosen';
  if (state.waiting === 'page' && !goesOn) return event.type === 'timedOut' ? failBy(state, 'PageHidden') : stay(state);

  if (event.type === 'cameraLost' || event.type === 'cameraChosen') return otherCamera(state, event.type);

  switch (state.name) {
    case 'preparing':
      return prepare(state, event);
    case 'framing':
    case 'capturing':
    case 'activeMotion':
      if (event.type === 'cameraReady' && state.name === 'framing') return guideWith(state);
      if (event.type === 'timedOut') return failBy(state, codeOfTimeout(state));
      if (event.type === 'cameraStalled') return stall(state);
      return event.type === 'report' ? guide(state, event.report) : stay(state);
    case 'prompting':
      if (event.type === 'timedOut') return failBy(state, 'ActiveMotionPromptTimedOut');
      return event.type === 'promptAnswered' ? answer(state, event.agreed) : stay(state);
    case 'submitting':
      return submit(state, event);
  }
}

/** Running: a camera, a worker or a request may be held. */
type RunningState = Exclude<SessionState, { name: 'idle' | 'succeeded' | 'failed' | 'canceled' }>;

export function isRunning(state: SessionState): state is RunningState {
  return !['idle', 'succeeded', 'failed', 'canceled'].includes(state.name);
}

function prepare(state: In<'preparing'>, event: SessionEvent): Step {
  switch (event.type) {
    case 'loading':
      return stay({ ...state, progress: Math.max(state.progress, event.progress) });
    case 'detectorReady':
      return prepared({ ...state, preparation: { ...state.preparation, detector: true } });
    case 'cameraReady':
      return prepared({ ...state, preparation: { ...state.preparation, camera: true } });
    case 'connection':
      return stay({ ...state, waiting: event.isLost ? 'connection' : null });
    case 'attemptStarted':
      return prepared({ ...state, preparation: { ...state.preparation, attempt: event.attempt } });
    default:
      return stay(state);
  }
}

function prepared(state: In<'preparing'>): Step {
  const { detector, camera, attempt } = state.preparation;
  if (!detector || !camera || attempt === 'asked') return stay(state);
  if (!attempt) {
    // The attempt is started only now, so that a missing camera uses up no attempt, and slow loading none of its time.
    const preparation = { ...state.preparation, attempt: 'asked' as const };
    return { state: { ...state, preparation }, effects: [{ type: 'startAttempt' }] };
  }
  return guideWith({ name: 'framing', run: state.run, waiting: null, attempt, guidance: null, progress: 0 });
}

/** Starts guidance with a camera that is ready, and the deadline for coming into position. */
function guideWith(state: In<'framing'>): Step {
  return {
    state,
    effects: [
      { type: 'guide', attempt: state.attempt },
      { type: 'deadline', of: 'framing' },
    ],
  };
}

/**
 * Replaces a camera that was lost or deselected, and discards its progress. Head turns must all use the same camera.
 */
function otherCamera(state: RunningState, why: 'cameraLost' | 'cameraChosen'): Step {
  switch (state.name) {
    case 'preparing': {
      if (!state.preparation.camera) return stay(state);
      const preparation = { ...state.preparation, camera: false };
      return { state: { ...state, preparation }, effects: [{ type: 'reopenCamera' }] };
    }
    case 'framing':
    case 'capturing': {
      const { run, waiting, attempt } = state;
      const guidance = why === 'cameraLost' ? STALLED : null;
      return {
        state: { name: 'framing', run, waiting, attempt, guidance, progress: 0 },
        effects: [{ type: 'reopenCamera' }],
      };
    }
    case 'submitting':
      return stay(state);
    default:
      return why === 'cameraLost' ? failBy(state, 'CameraDisconnected') : stay(state);
  }
}

/** The camera shows nothing: tells the person that, and what helps, in place of the last instruction. */
function stall(state: In<'framing' | 'capturing' | 'activeMotion'>): Step {
  // Not escalated: those words advise choosing another camera, but all head turns must use the same one.
  if (state.name === 'activeMotion') return stay({ ...state, guidance: STALLED });
  return stay({ ...state, name: 'framing', guidance: { ...STALLED, escalation: 1 }, progress: 0 });
}

/** Loading, service calls and the upload go on while the page is hidden; states that need the person are paused. */
function wait(state: RunningState, isHidden: boolean): Step {
  const needsPerson = state.name !== 'preparing' && state.name !== 'submitting';
  if (!needsPerson || isHidden === (state.waiting === 'page')) return stay(state);
  return isHidden
    ? { state: { ...state, waiting: 'page' }, effects: [{ type: 'pause' }] }
    : { state: { ...state, waiting: null }, effects: [{ type: 'resume' }] };
}

function guide(state: In<'framing' | 'capturing' | 'activeMotion'>, report: FrameReport): Step {
  const { run, waiting, attempt } = state;
  const guided = { run, waiting, attempt, guidance: report.guidance, progress: report.progress };
  // The report of a frame that was in the worker when the person agreed has an earlier phase, and must not prompt
  // again.
  const before = report.phase === 'framing' || report.phase === 'holding' || report.phase === 'prompting';
  if (state.name === 'activeMotion' && before) return stay(state);
  switch (report.phase) {
    case 'framing':
      return stay({ name: 'framing', ...guided });
    case 'holding':
      return stay({ name: 'capturing', ...guided });
    case 'prompting':
      return {
        state: { name: 'prompting', run, waiting, attempt, reason: report.promptReason ?? 'required' },
        effects: [{ type: 'deadline', of: 'prompting' }],
      };
    case 'turning':
      return stay({ name: 'activeMotion', ...guided, turn: report.turn });
    case 'captured':
      return {
        state: { name: 'submitting', run, waiting, attempt, progress: 0 },
        effects: [{ type: 'submit' }],
      };
    case 'failed':
      return failBy(state, report.failure ?? 'Unexpected');
  }
}

function answer(state: In<'prompting'>, agreed: boolean): Step {
  if (!agreed) return failBy(state, 'UserCanceledActiveMotionPrompt');
  const { run, waiting, attempt } = state;
  return {
    state: { name: 'activeMotion', run, waiting, attempt, guidance: null, progress: 0, turn: null },
    effects: [{ type: 'turn' }, { type: 'deadline', of: 'activeMotion' }],
  };
}

function submit(state: In<'submitting'>, event: SessionEvent): Step {
  if (event.type === 'sending') return stay({ ...state, progress: event.progress });
  if (event.type === 'connection') return stay({ ...state, waiting: event.isLost ? 'connection' : null });
  if (event.type !== 'received') return stay(state);
  const { sessionId, attemptId } = state.attempt;
  const { requestId, digest, livenessDecision } = event.receipt;
  const result = {
    sessionId,
    attemptId,
    resultId: requestId,
    clientRequestId: event.clientRequestId,
    digest,
    ...(livenessDecision ? { livenessDecision } : {}),
  };
  return { state: { name: 'succeeded', run: state.run, result }, effects: [{ type: 'release' }] };
}

function fail(state: RunningState, failure: Failure): Step {
  return {
    state: { name: 'failed', run: state.run, failure, attemptsRemaining: remaining(state) },
    effects: leave(state, failure.code),
  };
}

/** For failures without a thrown error: the message is the generic cause of the code. */
function failBy(state: RunningState, code: LivenessErrorCode): Step {
  return fail(state, { code, message: LIVENESS_ERRORS[code].cause });
}

function cancel(state: RunningState): Step {
  const code = state.name === 'activeMotion' ? 'UserCanceledActiveMotion' : 'UserCanceledSession';
  const mayHaveSent = state.name === 'submitting';
  const canceled = {
    name: 'canceled',
    run: state.run,
    code,
    attemptsRemaining: remaining(state),
    mayHaveSent,
  } as const;
  return { state: canceled, effects: leave(state, code) };
}

/** Ends an attempt that was opened but not submitted, so that the service need not wait for it. */
function leave(state: RunningState, reason: LivenessErrorCode): Effect[] {
  const attempt = attemptOf(state);
  const open = attempt && state.name !== 'submitting';
  return open
    ? [{ type: 'endAttempt', attemptId: attempt.attemptId, reason }, { type: 'release' }]
    : [{ type: 'release' }];
}

/** Null if no attempt was opened. */
function remaining(state: RunningState): number | null {
  return attemptOf(state)?.attemptsRemaining ?? null;
}

function attemptOf(state: RunningState) {
  const { attempt } = state.name === 'preparing' ? state.preparation : state;
  return attempt === 'asked' ? null : attempt;
}

/** The deadline has passed: the last guidance tells why. */
function codeOfTimeout(state: In<'framing' | 'capturing' | 'activeMotion'>): LivenessErrorCode {
  if (state.guidance?.code === 'cameraStalled') return 'CameraInterrupted';
  if (state.name === 'activeMotion') return notPerformed(state.turn, state.guidance);
  switch (state.guidance?.code) {
    case 'noFace':
      return 'NoFaceDetected';
    case 'severalFaces':
      return 'MultipleFacesDetected';
    case 'tooDark':
    case 'tooBright':
      return 'EnvironmentNotSupported';
    default:
      return 'TimedOut';
  }
}

function stay(state: SessionState): Step {
  return { state, effects: [] };
}
