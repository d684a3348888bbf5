/**
 * The head turns, and the smile, the service drew: each counts only from the person's own frontal pose, in its own
 * direction, within its time. Pure.
 */
import type { TurnProgress } from '../../src/protocol/guidance.js';
import type { FrameMeasurements } from '../../src/protocol/measurements.js';
import type { CapturePolicy } from '../../src/protocol/policy.js';
import { HEAD_TURNS, type ActiveMotion, type HeadTurn } from '../../src/protocol/wire.js';

/** Yaw and pitch in degrees, width of the face over its height, and of the mouth over the distance of the eyes. */
export type Look = Pick<FrameMeasurements, 'yaw' | 'pitch' | 'aspect' | 'mouthWidth'>;

/** From the own frontal look: degrees, and the share by which the mouth is wider. */
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
  /** Since when the pose asked for is held. */
  heldSince: number | null;
  /** When this turn was asked for. */
  since: number;
  /** Since when it waits for the look into the camera: from the start, and from each turn that was made. */
  centreSince: number;
}

export interface TurnsStep {
  state: TurnsState;
  call: ActiveMotion | 'returnToCentre' | 'relaxMouth' | 'wrongWay';
  progress: TurnProgress | null;
  /** Which pictures this frame belongs to: at the centre before a turn, on the way, or turned. */
  role: 'centre' | 'way' | 'turned' | null;
  late: boolean;
}

/** From this share of another direction a head goes the wrong way; below this share of the asked one nothing was done. */
const WRONG_WAY = 0.6;
const HARDLY = 0.3;

/** From this share of another direction, and no less than of the asked one, the service’s judge may take it for the other. */
const STRAYS = 0.8;

/** Below this share of a smile the mouth is at rest: one that smiles already cannot begin to. */
const AT_REST = 0.5;

/** @param frontal the person's own frontal pose; without it, the first one within the policy's bounds becomes it */
export function startTurns(time: number, frontal: Look | null): TurnsState {
  return { index: 0, stage: 'centre', frontal, heldSince: null, since: time, centreSince: time };
}

/**
 * The median, which is what the service's judge takes of the frames that it gets: heads are never quite still, and one
 * moment's pose lies some degrees off.
 */
export function frontalOf(looks: readonly Look[]): Look | null {
  if (looks.length === 0) return null;
  const median = (key: keyof Look): number =>
    looks.map((look) => look[key]).sort((a, b) => a - b)[looks.length >> 1] ?? 0;
  return { yaw: median('yaw'), pitch: median('pitch'), aspect: median('aspect'), mouthWidth: median('mouthWidth') };
}

export function stepTurns(
  state: TurnsState,
  measured: FrameMeasurements,
  time: number,
  directions: readonly ActiveMotion[],
  policy: CapturePolicy,
): TurnsStep {
  const { turn } = policy;
  const late = time - state.since > turn.limitMs;
  const direction = directions[state.index];
  const offset = offsetFrom(state.frontal, measured);
  if (state.stage === 'centre' || !direction)
    return stepCentre(state, measured, offset, time, directions, policy, late);

  // Who smiles looks into the camera.
  const astray = direction === 'smile' && !isFrontal(offset, turn);
  const share = astray || isFlat(state.frontal, measured, turn) ? 0 : shareOf(direction, offset, turn);
  const others = Math.max(...otherShares(direction, offset, turn));
  const strays = others >= share && others >= STRAYS;
  // All of it is shown only where it counts.
  const shown = clampShare(strays ? Math.min(share, STRAYS) : share);
  const progress: TurnProgress = { direction, share: shown, index: state.index, count: directions.length };
  if (share >= 1 && !strays) {
    const heldSince = state.heldSince ?? time;
    const held = time - heldSince >= turn.ms;
    const next: TurnsState = held
      ? { ...state, index: state.index + 1, stage: 'centre', heldSince: null, centreSince: time }
      : { ...state, heldSince };
    return { state: next, call: held ? 'returnToCentre' : direction, progress, role: 'turned', late };
  }
  const wrong = share < HARDLY && others >= WRONG_WAY;
  const instead = direction === 'smile' ? 'returnToCentre' : 'wrongWay';
  return {
    state: { ...state, heldSince: null },
    call: wrong ? instead : direction,
    progress,
    role: !wrong && !strays && share > HARDLY ? 'way' : null,
    late,
  };
}

/** The pose asked for is the own frontal one; where none is known, one within the policy's bounds, which becomes it. */
function stepCentre(
  state: TurnsState,
  measured: FrameMeasurements,
  offset: Offset,
  time: number,
  directions: readonly ActiveMotion[],
  policy: CapturePolicy,
  late: boolean,
): TurnsStep {
  const { turn } = policy;
  const frontal = state.frontal
    ? isFrontal(offset, turn)
    : Math.abs(measured.yaw) <= policy.yaw && measured.pitch >= policy.pitch.min && measured.pitch <= policy.pitch.max;
  // Who looks into the camera and is not back has lowered or raised the device, and needs to hear the direction.
  const isLost = state.frontal !== null && !frontal && time - state.centreSince > turn.limitMs / 2;
  const call = isLost ? wayBack(offset, turn) : 'returnToCentre';
  const waiting: TurnsStep = { state, call, progress: null, role: null, late };
  const direction = directions[state.index];
  const ready = direction !== 'smile' || shareOf(direction, offset, turn) <= AT_REST;
  if (!frontal || !ready) {
    return { ...waiting, call: frontal ? 'relaxMouth' : call, state: { ...state, heldSince: null } };
  }
  const heldSince = state.heldSince ?? time;
  if (time - heldSince < turn.ms) return { ...waiting, state: { ...state, heldSince }, role: 'centre' };
  const own = state.frontal ?? frontalOf([measured]);
  if (!direction) return { ...waiting, state: { ...state, stage: 'done' }, role: 'centre' };
  return {
    state: { ...state, stage: 'out', frontal: own, heldSince: null, since: time },
    call: direction,
    progress: { direction, share: 0, index: state.index, count: directions.length },
    role: 'centre',
    late: false,
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

/** 1 where the head has turned far enough in `direction`, or the smile is wide enough; negative where it goes the opposite way. */
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

/** The direction that the head is furthest from. */
function wayBack(offset: Offset, turn: CapturePolicy['turn']): HeadTurn {
  return HEAD_TURNS.reduce((best, next) => (shareOf(next, offset, turn) < shareOf(best, offset, turn) ? next : best));
}

function clampShare(share: number): number {
  return Math.max(-1, Math.min(1, share));
}
