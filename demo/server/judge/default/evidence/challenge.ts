/** Whether the person moved as the service drew it: in order, from the front, each time in plausible time. */
import type { ActiveMotion } from '../../../../../src/protocol/wire.js';
import type { Case, Evidence } from './evidence.js';
import { isFrontal, type Position, type Posed } from './poses.js';
import { THRESHOLDS } from './thresholds.js';

/** Of the head; or a smile. */
export interface Turn {
  direction: ActiveMotion;
  /** The last frame before it that looks into the camera; or, where the turn before it had hardly ended, the last frame of that. */
  from: Posed;
  /** Frames in which the head is turned, or the mouth smiles. */
  turned: Posed[];
}

export function challengeEvidence(submitted: Case): { evidence: Evidence[]; turns: Turn[] } {
  const { challenge } = submitted;
  if (challenge.length === 0) return { evidence: [notDrawn(submitted)], turns: [] };
  const turns = withoutIdleSmiles(turnsIn(submitted.poses), challenge);
  const found = turns.map(({ direction }) => direction);
  const met = found.length === challenge.length && found.every((direction, index) => direction === challenge[index]);
  const missing = isSubsequence(found, challenge);
  const evidence: Evidence = {
    name: 'challenge',
    finding: met ? 'supports' : 'doubts',
    value: `drawn ${challenge.join(', ')}; found ${found.join(', ') || 'none'}`,
    ...(met ? {} : { reason: missing ? ('ChallengeNotMet' as const) : ('WrongDirections' as const) }),
  };
  return { evidence: [evidence, ...turns.map(turnTime)], turns };
}

function notDrawn({ attackModel }: Case): Evidence {
  const value = 'no head turns were drawn';
  return attackModel?.decidesPassive
    ? { name: 'challenge', finding: 'absent', value }
    : { name: 'challenge', finding: 'doubts', reason: 'ActiveMotionNeeded', value };
}

/**
 * A turn begins at a frontal frame. Between two there may be none, for it may have been left out of a body that was too
 * long; but the same direction again without one is the same turn.
 */
function turnsIn(poses: readonly Posed[]): Turn[] {
  const turns: Turn[] = [];
  let from: Posed | null = null;
  let last: Position = 'between';
  for (const posed of poses) {
    if (posed.position === 'between') continue;
    const { position } = posed;
    if (position !== 'frontal' && position === last) turns.at(-1)?.turned.push(posed);
    // From one side to another without a return is a turn too.
    else if (position !== 'frontal') {
      const before = turns.at(-1)?.turned.at(-1);
      // No head is on another side as soon as that, wherever it was at rest.
      const tooSoon = before && posed.timeOffsetInMs - before.timeOffsetInMs < THRESHOLDS.turn.quickestMs;
      turns.push({ direction: position, from: (tooSoon ? before : from) ?? posed, turned: [posed] });
    }
    // On its way a head is nearly frontal too; the time counts from where it was at rest, whether it smiled or not.
    if (isFrontal(position) && posed.step === 'passive') from = posed;
    last = position;
  }
  return turns;
}

/** One at another moment says nothing: the element asks for a mouth at rest only just before a smile. */
function withoutIdleSmiles(turns: readonly Turn[], challenge: readonly ActiveMotion[]): Turn[] {
  return turns.reduce<Turn[]>(
    (kept, turn) => (turn.direction === 'smile' && challenge[kept.length] !== 'smile' ? kept : [...kept, turn]),
    [],
  );
}

function turnTime({ direction, from, turned }: Turn): Evidence {
  const { quickestMs, slowestMs } = THRESHOLDS.turn;
  const value = (turned[0]?.timeOffsetInMs ?? 0) - from.timeOffsetInMs;
  const plausible = value >= quickestMs && value <= slowestMs;
  return {
    name: `time.${direction}`,
    finding: plausible ? 'supports' : 'doubts',
    ...(plausible ? {} : { reason: 'ImpossibleTiming' as const }),
    value,
    atLeast: quickestMs,
    atMost: slowestMs,
    unit: 'ms',
    frames: [from.fileName, turned[0]?.fileName ?? ''],
  };
}

function isSubsequence(found: readonly ActiveMotion[], drawn: readonly ActiveMotion[]): boolean {
  let at = 0;
  for (const direction of drawn) if (found[at] === direction) at++;
  return at === found.length;
}
