/**
 * Guides one attempt: from measurements to what is said, which frames are kept and when it is done. A pure reducer, so
 * that a recording of measurements replays a session without camera or worker.
 */
import { notPerformed, type TurnProgress } from '../../src/protocol/guidance.js';
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { CapturePlan, CapturePhase, FrameReport } from '../../src/protocol/worker-api.js';
import type { CaptureStep } from '../../src/protocol/wire.js';
import { assess } from './assess.js';
import { isBlink, isRotated, isStalled, startWatch, watch, type WatchState } from './watch.js';
import { steady, STEADY_START, type Called, type SteadyState } from './steady.js';
import { frontalOf, startTurns, stepTurns, type Look, type TurnsState, type TurnsStep } from './turns.js';

export interface CoachState {
  phase: CapturePhase;
  /** Why it asks, or failed: said with every report from then on, since a single one may go unheard. */
  outcome: Pick<FrameReport, 'promptReason' | 'failure'>;
  steady: SteadyState;
  watch: WatchState;
  /** Milliseconds for which all was well, and since when it is not. */
  heldMs: number;
  lapseSince: number | null;
  /** How the person looked into the camera meanwhile. */
  looks: readonly Look[];
  /** Asked for long enough: these eyes do not open further, and nobody is kept out for that. */
  eyesExcused: boolean;
  /** Since when the light is unsuitable. */
  lightSince: number | null;
  turns: TurnsState | null;
  /** Since when the face is lost, or not alone, during the turns. */
  lostSince: number | null;
  lastTime: number | null;
}

/** Frames kept together, of which `wanted` are sent. */
export interface Keep {
  group: string;
  step: CaptureStep;
  wanted: number;
}

export interface CoachOutput extends Omit<FrameReport, 'analysis' | 'timing'> {
  keep: Keep | null;
  /** A group whose frames count no longer. */
  forget: string | null;
}

const HOLD = 'hold';

/** Of a PassiveActive capture with turns, the hold is this share of the progress. */
const HOLD_SHARE = 0.3;

/** Most that one frame adds to the hold. */
const LONGEST_STEP_MS = 300;

/** A face may be lost, or not alone, this long during the turns. */
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
    lastTime: null,
  };
}

/** The person agreed: from now on heads are turned. */
export function agreeToTurns(state: CoachState): CoachState {
  if (state.phase !== 'prompting') return state;
  const turns = startTurns(state.lastTime ?? 0, frontalOf(state.looks));
  return { ...state, phase: 'turning', outcome: {}, turns, steady: STEADY_START };
}

export function stepCoach(state: CoachState, analysis: FrameAnalysis, plan: CapturePlan): [CoachState, CoachOutput] {
  const watched = { ...state, watch: watch(state.watch, analysis, plan.policy), lastTime: analysis.time };
  switch (state.phase) {
    case 'framing':
    case 'holding':
      return stepFraming(watched, state.lastTime, analysis, plan);
    case 'turning':
      return stepTurning(watched, analysis, plan);
    case 'prompting':
    case 'captured':
    case 'failed':
      return told(watched, plan);
  }
}

function stepFraming(
  state: CoachState,
  lastTime: number | null,
  analysis: FrameAnalysis,
  plan: CapturePlan,
): [CoachState, CoachOutput] {
  const { policy, attempt } = plan;
  const { time } = analysis;
  const finding = findingOf(state, analysis, plan);
  const badLight = finding?.code === 'tooDark' || finding?.code === 'tooBright';
  const next: CoachState = { ...state, lightSince: badLight ? (state.lightSince ?? time) : null };

  if (badLight && time - (next.lightSince ?? time) >= lightLimit(plan)) {
    if (attempt.livenessOperationMode === 'Passive') {
      return fail(next, plan, 'EnvironmentNotSupported');
    }
    // Who is not seen cannot turn a head either.
    if (analysis.measurements && attempt.activeMotion.directions.length > 0) {
      const promptReason = finding.code === 'tooDark' ? 'tooDark' : 'tooBright';
      return ask(next, plan, promptReason);
    }
  }
  if (finding) return stepLapse(next, finding, time, plan);

  // Time counts between two good frames only, and no long gap between them does: nobody saw what happened in it.
  const wasWell = state.phase === 'holding' && state.lapseSince === null && lastTime !== null;
  next.heldMs += wasWell ? Math.min(time - lastTime, LONGEST_STEP_MS) : 0;
  next.lapseSince = null;
  if (analysis.measurements) next.looks = [...state.looks, analysis.measurements];
  const keep: Keep = { group: HOLD, step: 'passive', wanted: policy.hold.frames };
  if (next.heldMs >= policy.hold.ms) {
    return attempt.activeMotion.required && attempt.activeMotion.directions.length > 0
      ? ask(next, plan, 'required', keep)
      : told({ ...next, phase: 'captured' }, plan, { keep });
  }
  next.phase = 'holding';
  next.steady = steady(next.steady, { code: 'holding' }, time, policy.guidance);
  return told(next, plan, { keep });
}

/** Something is wrong: a short lapse only pauses the hold, a longer one ends it. */
function stepLapse(state: CoachState, finding: Called, time: number, plan: CapturePlan): [CoachState, CoachOutput] {
  const { policy } = plan;
  const lapseSince = state.lapseSince ?? time;
  const over = state.heldMs === 0 || time - lapseSince > policy.hold.graceMs;
  const next: CoachState = {
    ...state,
    lapseSince,
    heldMs: over ? 0 : state.heldMs,
    looks: over ? [] : state.looks,
    phase: over ? 'framing' : state.phase,
    steady: steady(state.steady, finding, time, policy.guidance),
  };
  const { shown } = next.steady;
  if (shown?.code === 'openEyes' && shown.escalation === 2) next.eyesExcused = true;
  return told(next, plan, { forget: over && state.phase === 'holding' ? HOLD : null });
}

function stepTurning(state: CoachState, analysis: FrameAnalysis, plan: CapturePlan): [CoachState, CoachOutput] {
  const { policy, attempt } = plan;
  const { time, measurements } = analysis;
  const { directions } = attempt.activeMotion;
  if (!state.turns) return fail(state, plan, 'FaceTrackingFailed');

  if (!measurements || analysis.faceCount > 1) {
    const lostSince = state.lostSince ?? time;
    const code = measurements ? 'severalFaces' : 'noFace';
    const next = { ...state, lostSince, steady: steady(state.steady, { code }, time, policy.guidance) };
    if (time - lostSince <= LOST_MS) return told(next, plan);
    // What the person was told last, not what this one frame shows.
    const { shown } = next.steady;
    return fail(next, plan, shown?.code === 'severalFaces' ? 'MultipleFacesDetected' : 'FaceTrackingFailed');
  }

  const step = stepTurns(state.turns, measurements, time, directions, policy);
  const next: CoachState = {
    ...state,
    lostSince: null,
    turns: step.state,
    steady: steady(state.steady, { code: step.call }, time, policy.guidance),
  };
  const keep = keepOf(step, state.turns.index, directions, policy.turn.frames);
  if (step.state.stage === 'done') return told({ ...next, phase: 'captured' }, plan, { keep });
  if (step.late) return fail(next, plan, notPerformed(step.progress, next.steady.shown));
  return told(next, plan, { keep, turn: step.progress });
}

/** Centre frames are frontal and so `passive`; those on the way and at the end of a turn carry its direction. */
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
  // A blink is no correction, and hides none of those that matter less than open eyes.
  const excused = state.eyesExcused || isBlink(state.watch, analysis, plan.policy);
  return assess(analysis, excused ? { ...plan.policy, eyeOpenness: 0 } : plan.policy, shown);
}

function lightLimit({ policy, attempt }: CapturePlan): number {
  return attempt.livenessOperationMode === 'Passive' ? policy.lightMs.passive : policy.lightMs.passiveActive;
}

function ask(
  state: CoachState,
  plan: CapturePlan,
  promptReason: FrameReport['promptReason'],
  keep: Keep | null = null,
): [CoachState, CoachOutput] {
  return told({ ...state, phase: 'prompting', outcome: { promptReason } }, plan, { keep });
}

function fail(state: CoachState, plan: CapturePlan, failure: FrameReport['failure']): [CoachState, CoachOutput] {
  return told({ ...state, phase: 'failed', outcome: { failure } }, plan);
}

function told(state: CoachState, plan: CapturePlan, extra: Partial<CoachOutput> = {}): [CoachState, CoachOutput] {
  const output: CoachOutput = {
    phase: state.phase,
    guidance: state.phase === 'captured' || state.phase === 'failed' ? null : state.steady.shown,
    progress: progressOf(state, plan, extra.turn ?? null),
    turn: null,
    keep: null,
    forget: null,
    ...state.outcome,
    ...extra,
  };
  return [state, output];
}

function progressOf(state: CoachState, { policy, attempt }: CapturePlan, turn: TurnProgress | null): number {
  if (state.phase === 'captured') return 1;
  const { required, directions } = attempt.activeMotion;
  const turns = required || state.turns !== null;
  const hold = Math.min(1, state.heldMs / policy.hold.ms);
  if (!turns) return hold;
  if (!state.turns) return hold * HOLD_SHARE;
  // Of the frame that completes it, the turn's own index: the state is one further already.
  const done = turn ? turn.index + Math.max(0, turn.share) : state.turns.index;
  return HOLD_SHARE + (1 - HOLD_SHARE) * Math.min(1, done / directions.length);
}
