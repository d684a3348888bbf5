/**
 * Guides one attempt: decides from measurements what to say, which frames to keep, and when the capture is done. A pure
 * reducer, so that recorded measurements replay a session without camera or worker.
 */
import { notPerformed, type TurnProgress } from '../../src/protocol/guidance.js';
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';
import type { CapturePlan, CapturePhase, FrameReport } from '../../src/protocol/worker-api.js';
import type { CaptureStep } from '../../src/protocol/wire.js';
import { assess } from './assess.js';
import { isBlink, isRotated, isStill, isStalled, startWatch, watch, type WatchState } from './watch.js';
import { steady, STEADY_AT_ONCE, STEADY_START, type Called, type SteadyState } from './steady.js';
import { frontalOf, isLate, startTurns, stepTurns, type Look, type TurnsState, type TurnsStep } from './turns.js';

export interface CoachState {
  /** `framing` includes the hold: see `phaseOf`. */
  phase: Exclude<CapturePhase, 'holding'>;
  /**
   * Why the phase became `prompting` or `failed`; repeated in every later report, since a single one may be dropped.
   */
  outcome: Pick<FrameReport, 'promptReason' | 'failure'>;
  steady: SteadyState;
  watch: WatchState;
  /** How long all has been well during this hold, in milliseconds. */
  heldMs: number;
  /** When the current interruption of the hold began; null while all is well. */
  lapseSince: number | null;
  /** Poses of the person during the hold, looking into the camera. */
  looks: readonly Look[];
  /**
   * Whether `openEyes` has been asked for long enough: these eyes do not open further, which must not exclude the
   * person.
   */
  eyesExcused: boolean;
  /** Since when the light has been unsuitable. */
  lightSince: number | null;
  turns: TurnsState | null;
  /** Since when no face, or more than one, has been in view during the turns. */
  lostSince: number | null;
  /** When the camera was last stalled during the turns. */
  stalledAt: number | null;
  /**
   * Milliseconds. All times above are on this clock, which counts at most `LONGEST_STEP_MS` from one frame to the next.
   */
  clock: number;
  /** When the last frame was taken, on the camera's clock. */
  lastTime: number | null;
}

/** A group of frames, of which `wanted` are sent. */
export interface Keep {
  group: string;
  step: CaptureStep;
  wanted: number;
}

export interface CoachOutput extends Omit<FrameReport, 'analysis' | 'timing'> {
  keep: Keep | null;
  /** The group whose frames no longer count. */
  forget: string | null;
}

/** What a frame leads to. */
interface Decision {
  state: CoachState;
  keep?: Keep | null;
  forget?: string | null;
  turn?: TurnProgress | null;
}

const HOLD = 'hold';

/** Share of the hold in the progress of a capture with head turns. */
const HOLD_SHARE = 0.3;

/** Maximum time that one frame adds to the hold: what happens in a longer gap is unknown. */
const LONGEST_HOLD_STEP_MS = 300;

/**
 * Maximum time from one frame to the next that counts: during a longer gap, the camera does not see whether the person
 * follows the guidance.
 */
const LONGEST_STEP_MS = 1_000;

/** How long no face, or more than one, may be in view during the turns. */
const LOST_MS = 4_000;

export function startCoach(): CoachState {
  return {
    phase: 'framing',
    outcome: {},
    steady: STEADY_START,
    watch: startWatch(),
    heldMs: 0,
    lapseSince: null,
    looks: [],
    eyesExcused: false,
    lightSince: null,
    turns: null,
    lostSince: null,
    stalledAt: null,
    clock: 0,
    lastTime: null,
  };
}

/** The person agreed: the head turns begin. */
export function agreeToTurns(state: CoachState): CoachState {
  if (state.phase !== 'prompting') return state;
  const turns = startTurns(state.clock, frontalOf(state.looks));
  return { ...state, phase: 'turning', outcome: {}, turns, steady: STEADY_AT_ONCE };
}

export function stepCoach(state: CoachState, frame: FrameAnalysis, plan: CapturePlan): [CoachState, CoachOutput] {
  const step = Math.min(frame.time - (state.lastTime ?? frame.time), LONGEST_STEP_MS);
  const clock = state.clock + step;
  const analysis = { ...frame, time: clock };
  const watched = { ...state, watch: watch(state.watch, analysis, plan.policy), clock, lastTime: frame.time };
  const decision = decide(watched, step, analysis, plan);
  return [decision.state, outputOf(decision, plan)];
}

function decide(state: CoachState, step: number, analysis: FrameAnalysis, plan: CapturePlan): Decision {
  switch (state.phase) {
    case 'framing':
      return stepFraming(state, step, analysis, plan);
    case 'turning':
      return stepTurning(state, analysis, plan);
    case 'prompting':
    case 'captured':
    case 'failed':
      return { state };
  }
}

function stepFraming(before: CoachState, step: number, analysis: FrameAnalysis, plan: CapturePlan): Decision {
  const finding = findingOf(before, analysis, plan);
  const badLight = finding?.code === 'tooDark' || finding?.code === 'tooBright' ? finding.code : null;
  const state: CoachState = { ...before, lightSince: badLight ? (before.lightSince ?? analysis.time) : null };
  return (
    (badLight && stepBadLight(state, badLight, analysis, plan)) ??
    (finding ? stepLapse(state, finding, analysis.time, plan.policy) : stepHold(state, step, analysis, plan))
  );
}

/** The light is unsuitable: for too long, it ends the framing. */
function stepBadLight(
  state: CoachState,
  badLight: 'tooDark' | 'tooBright',
  { time, measurements }: FrameAnalysis,
  { policy, attempt }: CapturePlan,
): Decision | null {
  const isPassive = attempt.livenessOperationMode === 'Passive';
  const limitMs = isPassive ? policy.lightMs.passive : policy.lightMs.passiveActive;
  if (time - (state.lightSince ?? time) < limitMs) return null;
  if (isPassive) return fail(state, 'EnvironmentNotSupported');
  // Without a visible face, head turns are not possible either.
  return measurements && attempt.activeMotion.directions.length > 0 ? ask(state, badLight) : null;
}

/** All is well. */
function stepHold(
  state: CoachState,
  step: number,
  { time, measurements }: FrameAnalysis,
  { policy, attempt }: CapturePlan,
): Decision {
  const { required, directions } = attempt.activeMotion;
  const next: CoachState = {
    ...state,
    // Only time between two good frames counts.
    heldMs: state.heldMs + (state.lapseSince === null ? Math.min(step, LONGEST_HOLD_STEP_MS) : 0),
    lapseSince: null,
    looks: measurements ? [...state.looks, measurements] : state.looks,
  };
  const keep: Keep = { group: HOLD, step: 'passive', wanted: policy.hold.frames };
  // The hold ends only with a picture that differs from the one before: others are not kept, and there must be one to
  // send.
  if (next.heldMs >= policy.hold.ms && !isStill(state.watch)) {
    return required && directions.length > 0
      ? { ...ask(next, 'required'), keep }
      : { state: { ...next, phase: 'captured' }, keep };
  }
  return { state: { ...next, steady: steady(state.steady, { code: 'holding' }, time, policy.guidance) }, keep };
}

/** Something is wrong: a short interruption only pauses the hold, a longer one ends it. */
function stepLapse(state: CoachState, finding: Called, time: number, policy: CapturePolicy): Decision {
  const lapseSince = state.lapseSince ?? time;
  const over = state.heldMs === 0 || time - lapseSince > policy.hold.graceMs;
  const next: CoachState = {
    ...state,
    lapseSince,
    heldMs: over ? 0 : state.heldMs,
    looks: over ? [] : state.looks,
    steady: steady(state.steady, finding, time, policy.guidance),
  };
  const { shown } = next.steady;
  if (shown?.code === 'openEyes' && shown.escalation === 2) next.eyesExcused = true;
  return { state: next, forget: over && state.looks.length > 0 ? HOLD : null };
}

function stepTurning(state: CoachState, analysis: FrameAnalysis, { policy, attempt }: CapturePlan): Decision {
  const { time, measurements } = analysis;
  const { directions } = attempt.activeMotion;
  if (!state.turns) return fail(state, 'FaceTrackingFailed');

  if (isStalled(state.watch, analysis, policy)) {
    // Not escalated: those words advise choosing another camera, but all head turns must use the same one.
    const unescalated = { ...policy.guidance, escalateMs: Infinity };
    const shown = steady(state.steady, { code: 'cameraStalled' }, time, unescalated);
    const next: CoachState = { ...state, stalledAt: time, lostSince: null, steady: shown };
    return isLate(state.turns, time, policy.turn) ? fail(next, 'CameraInterrupted') : { state: next };
  }

  if (!measurements || analysis.faceCount > 1) {
    const lostSince = state.lostSince ?? time;
    const code = measurements ? 'severalFaces' : 'noFace';
    const next = { ...state, lostSince, steady: steady(state.steady, { code }, time, policy.guidance) };
    if (time - lostSince <= LOST_MS) return { state: next };
    // Decided by what the person was told last, not by this single frame.
    const { shown } = next.steady;
    return fail(next, shown?.code === 'severalFaces' ? 'MultipleFacesDetected' : 'FaceTrackingFailed');
  }

  const step = stepTurns(state.turns, measurements, time, directions, policy);
  const next: CoachState = {
    ...state,
    lostSince: null,
    turns: step.state,
    steady: steady(state.steady, { code: step.call }, time, policy.guidance),
  };
  const keep = keepOf(step, state.turns.index, directions, policy.turn.frames);
  if (step.state.stage === 'done') return { state: { ...next, phase: 'captured' }, keep };
  if (isLate(step.state, time, policy.turn)) {
    // If the camera was stalled during this turn, being late is not the person's fault.
    const wasStalled = state.stalledAt !== null && state.stalledAt >= step.state.since;
    return fail(next, wasStalled ? 'CameraInterrupted' : notPerformed(step.progress, next.steady.shown));
  }
  return { state: next, keep, turn: step.progress };
}

/**
 * Centre frames are frontal, so their step is `passive`; frames on the way and at the end of a turn have its direction.
 */
function keepOf(
  { role }: TurnsStep,
  index: number,
  directions: CapturePlan['attempt']['activeMotion']['directions'],
  frames: number,
): Keep | null {
  const direction = directions[index];
  if (role === 'centre') return { group: `centre-${index}`, step: 'passive', wanted: 1 };
  if (!role || !direction) return null;
  return { group: `${role}-${index}`, step: direction, wanted: role === 'turned' ? frames : 1 };
}

function findingOf(state: CoachState, analysis: FrameAnalysis, plan: CapturePlan): Called | null {
  if (isStalled(state.watch, analysis, plan.policy)) return { code: 'cameraStalled' };
  if (isRotated(state.watch)) return { code: 'rotateBack' };
  const shown = state.steady.shown?.code ?? null;
  // During a blink, the eyes are not checked; less important corrections still are.
  const excused = state.eyesExcused || isBlink(state.watch, analysis, plan.policy);
  return assess(analysis, excused ? { ...plan.policy, eyeOpenness: 0 } : plan.policy, shown);
}

function ask(state: CoachState, promptReason: NonNullable<FrameReport['promptReason']>): Decision {
  return { state: { ...state, phase: 'prompting', outcome: { promptReason } } };
}

function fail(state: CoachState, failure: NonNullable<FrameReport['failure']>): Decision {
  return { state: { ...state, phase: 'failed', outcome: { failure } } };
}

function outputOf({ state, keep = null, forget = null, turn = null }: Decision, plan: CapturePlan): CoachOutput {
  return {
    phase: phaseOf(state),
    guidance: state.phase === 'captured' || state.phase === 'failed' ? null : state.steady.shown,
    progress: progressOf(state, plan, turn),
    turn,
    forget,
    // A repeated picture is not kept: sent for two moments, it would look forged.
    keep: isStill(state.watch) ? null : keep,
    ...state.outcome,
  };
}

/**
 * `holding` is reported only while the guidance `holding` is shown, so that the phase agrees with the words and is as
 * steady.
 */
function phaseOf({ phase, steady }: CoachState): CapturePhase {
  return phase === 'framing' && steady.shown?.code === 'holding' ? 'holding' : phase;
}

function progressOf(state: CoachState, { policy, attempt }: CapturePlan, turn: TurnProgress | null): number {
  if (state.phase === 'captured') return 1;
  // While a correction is shown, no progress is reported, even if the hold has already begun.
  if (phaseOf(state) === 'framing') return 0;
  const { required, directions } = attempt.activeMotion;
  const turns = required || state.turns !== null;
  const hold = Math.min(1, state.heldMs / policy.hold.ms);
  if (!turns) return hold;
  if (!state.turns) return hold * HOLD_SHARE;
  // `turn.index` first: in the frame that completes a turn, `state.turns.index` is already that of the next.
  const done = turn ? turn.index + Math.max(0, turn.share) : state.turns.index;
  return HOLD_SHARE + (1 - HOLD_SHARE) * Math.min(1, done / directions.length);
}
