/**
 * The head turns, and the smile, that the service asked for: each counts only if it starts from the person's own
 * frontal pose, goes in its own direction, and is in time. Pure.
 */
import type { TurnProgress } from '../../src/protocol/guidance.js';
import type { FrameMeasurements } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';
import { HEAD_TURNS, type ActiveMotion, type HeadTurn } from '../../src/protocol/wire.js';

/**
 * Yaw and pitch in degrees, width of the face over its height, and width of the mouth over the distance of the eyes.
 */
export type Look = Pick<FrameMeasurements, 'yaw' | 'pitch' | 'aspect' | 'mouthWidth'>;

/** Difference from the person's frontal pose: degrees, and the share by which the mouth is wider. */
interface Offset {
  yaw: number;
  pitch: number;
  smile: number;
}

export interface TurnsState {
  index: number;
  /** `centre`: look into the camera first; `out`: turn now. After the last turn one more `centre`, then `done`. */
  stage: 'centre' | 'out' | 'done';
  /** The person's own frontal pose; null until it is measured. */
  frontal: Look | null;
  /** Since when the pose that is asked for has been held. */
  heldSince: number | null;
  /** When this turn was asked for. */
  since: number;
  /** Since when the person is asked to look into the camera: from the start, or from the end of the last turn. */
  centreSince: number;
}

export interface TurnsStep {
  state: TurnsState;
  call: ActiveMotion | 'returnToCentre' | 'relaxMouth' | 'wrongWay';
  progress: TurnProgress | null;
  /** The role of this frame: at the centre before a turn, on the way, or turned; null if it is not kept. */
  role: 'centre' | 'way' | 'turned' | null;
}

/**
 * The head turns the wrong way if its share is at least `WRONG_WAY` in another direction and below `HARDLY` in the
 * asked one.
 */
const WRONG_WAY = 0.6;
const HARDLY = 0.3;

/**
 * A turn does not count if its share in another direction is at least this and at least that in the asked one: the
 * service’s judge might mistake it for the other turn.
 */
const STRAYS = 0.8;

/** Up to this share of a smile, the mouth counts as at rest; a smile has to begin from there. */
const AT_REST = 0.5;

/** @param frontal the person's own frontal pose; if null, the first pose within the bounds of the policy becomes it */
export function startTurns(time: number, frontal: Look | null): TurnsState {
  return { index: 0, stage: 'centre', frontal, heldSince: null, since: time, centreSince: time };
}

/**
 * The median pose, as the service’s judge computes it from the frames it receives: heads are never quite still, and the
 * pose of one moment is off by some degrees.
 */
export function frontalOf(looks: readonly Look[]): Look | null {
  if (looks.length === 0) return null;
  const median = (key: keyof Look): number =>
    looks.map((look) => look[key]).sort((a, b) => a - b)[looks.length >> 1] ?? 0;
  return { yaw: median('yaw'), pitch: median('pitch'), aspect: median('aspect'), mouthWidth: median('mouthWidth') };
}

/** Whether the turn, or the way back from it, takes longer than the policy allows. */
export function isLate({ since }: TurnsState, time: number, { limitMs }: CapturePolicy['turn']): boolean {
  return time - since > limitMs;
}

export function stepTurns(
  state: TurnsState,
  measured: FrameMeasurements,
  time: number,
  directions: readonly ActiveMotion[],
  policy: CapturePolicy,
): TurnsStep {
  const { turn } = policy;
  const direction = directions[state.index];
  if (state.stage === 'centre' || !direction) return stepCentre(state, measured, time, directions, policy);

  const offset = offsetFrom(state.frontal, measured);
  // A smile counts only while the person looks into the camera.
  const astray = direction === 'smile' && !isFrontal(offset, turn);
  const share = astray || isFlat(state.frontal, measured, turn) ? 0 : shareOf(direction, offset, turn);
  const others = Math.max(...otherShares(direction, offset, turn));
  const strays = others >= share && others >= STRAYS;
  // The full share is shown only if the turn counts.
  const shown = clampShare(strays ? Math.min(share, STRAYS) : share);
  const progress: TurnProgress = { direction, share: shown, index: state.index, count: directions.length };
  if (share >= 1 && !strays) {
    const heldSince = state.heldSince ?? time;
    const held = time - heldSince >= turn.ms;
    const next: TurnsState = held
      ? { ...state, index: state.index + 1, stage: 'centre', heldSince: null, centreSince: time }
      : { ...state, heldSince };
    return { state: next, call: held ? 'returnToCentre' : direction, progress, role: 'turned' };
  }
  const wrong = share < HARDLY && others >= WRONG_WAY;
  const instead = direction === 'smile' ? 'returnToCentre' : 'wrongWay';
  return {
    state: { ...state, heldSince: null },
    call: wrong ? instead : direction,
    progress,
    role: !wrong && !strays && share > HARDLY ? 'way' : null,
  };
}

/**
 * Waits for the person's own frontal pose; if it is not known yet, the first pose within the bounds of the policy
 * becomes it.
 */
function stepCentre(
  state: TurnsState,
  measured: FrameMeasurements,
  time: number,
  directions: readonly ActiveMotion[],
  policy: CapturePolicy,
): TurnsStep {
  const { turn } = policy;
  const direction = directions[state.index];
  const offset = offsetFrom(state.frontal, measured);
  const looksStraight = state.frontal
    ? isFrontal(offset, turn)
    : Math.abs(measured.yaw) <= policy.yaw && measured.pitch >= policy.pitch.min && measured.pitch <= policy.pitch.max;
  const wait = (call: TurnsStep['call'], heldSince: number | null, role: TurnsStep['role'] = null): TurnsStep => ({
    state: { ...state, heldSince },
    call,
    progress: null,
    role,
  });
  if (!looksStraight) {
    // A person who looks into the camera but is still not frontal has probably moved the device up or down, and needs to
    // be told the direction.
    const isLost = state.frontal !== null && time - state.centreSince > turn.limitMs / 2;
    return wait(isLost ? wayBack(offset, turn) : 'returnToCentre', null);
  }
  if (direction === 'smile' && shareOf(direction, offset, turn) > AT_REST) return wait('relaxMouth', null);
  const heldSince = state.heldSince ?? time;
  if (time - heldSince < turn.ms) return wait('returnToCentre', heldSince, 'centre');
  const own = state.frontal ?? frontalOf([measured]);
  if (!direction) {
    return { state: { ...state, stage: 'done' }, call: 'returnToCentre', progress: null, role: 'centre' };
  }
  return {
    state: { ...state, stage: 'out', frontal: own, heldSince: null, since: time },
    call: direction,
    progress: { direction, share: 0, index: state.index, count: directions.length },
    role: 'centre',
  };
}

function offsetFrom(frontal: Look | null, { yaw, pitch, mouthWidth }: FrameMeasurements): Offset {
  return {
    yaw: yaw - (frontal?.yaw ?? 0),
    pitch: pitch - (frontal?.pitch ?? 0),
    smile: frontal ? mouthWidth / frontal.mouthWidth - 1 : 0,
  };
}

function isFrontal({ yaw, pitch }: Offset, { frontal }: CapturePolicy['turn']): boolean {
  return Math.abs(yaw) <= frontal && Math.abs(pitch) <= frontal;
}

function isFlat(frontal: Look | null, { aspect }: FrameMeasurements, turn: CapturePolicy['turn']): boolean {
  const ratio = frontal ? aspect / frontal.aspect : 1;
  return ratio < turn.aspect.min || ratio > turn.aspect.max;
}

/**
 * 1 if the head has turned far enough in `direction`, or the smile is wide enough; negative in the opposite direction.
 */
function shareOf(direction: ActiveMotion, { yaw, pitch, smile }: Offset, turn: CapturePolicy['turn']): number {
  switch (direction) {
    case 'lookLeft':
      return yaw / turn.yaw;
    case 'lookRight':
      return -yaw / turn.yaw;
    case 'lookUp':
      return pitch / turn.pitch;
    case 'lookDown':
      return -pitch / turn.pitch;
    case 'smile':
      return smile / turn.smile;
  }
}

function otherShares(direction: ActiveMotion, offset: Offset, turn: CapturePolicy['turn']): number[] {
  return HEAD_TURNS.filter((other) => other !== direction).map((other) => shareOf(other, offset, turn));
}

/** The direction back to the centre: the one with the most negative share. */
function wayBack(offset: Offset, turn: CapturePolicy['turn']): HeadTurn {
  return HEAD_TURNS.reduce((best, next) => (shareOf(next, offset, turn) < shareOf(best, offset, turn) ? next : best));
}

function clampShare(share: number): number {
  return Math.max(-1, Math.min(1, share));
}
