/** Whether the person made the motions the service drew: in order, from a frontal look, each in a plausible time. */
import type { ActiveMotion } from '../../../../../src/protocol/wire.js';
import type { Case, Evidence } from './evidence.js';
import { isFrontal, type Position, type Posed } from './poses.js';
import { THRESHOLDS } from './thresholds.js';

/** A head turn, or a smile. */
export interface Turn {
  direction: ActiveMotion;
  /**
   * The last frame before this turn that looks into the camera; or, if the previous turn had hardly ended, the last
   * frame of that turn.
   */
  from: Posed;
  /** Frames that show the head turned, or the smile. */
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
    reason: met ? undefined : missing ? 'ChallengeNotMet' : 'WrongDirections',
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
 * Finds the turns; each starts from the last frontal frame at rest. Between two different turns there may be no frontal
 * frame, because the element may leave it out of a submission that is too long; but the same direction twice without a
 * frontal frame in between is one turn.
 */
function turnsIn(poses: readonly Posed[]): Turn[] {
  const turns: Turn[] = [];
  let from: Posed | null = null;
  let last: Position = 'between';
  for (const posed of poses) {
    if (posed.position === 'between') continue;
    const { position } = posed;
    if (position !== 'frontal' && position === last) turns.at(-1)?.turned.push(posed);
    // Moving to another side without returning to the front is a turn too.
    else if (position !== 'frontal') {
      const before = turns.at(-1)?.turned.at(-1);
      // No head moves to another side that fast, so the time counts from the previous turn.
      const tooSoon = before && posed.timeOffsetInMs - before.timeOffsetInMs < THRESHOLDS.turn.quickestMs;
      turns.push({ direction: position, from: (tooSoon ? before : from) ?? posed, turned: [posed] });
    }
    // A moving head also looks frontal at moments, so the time counts from the last frame at rest, with or without a
    // smile.
    if (isFrontal(position) && posed.step === 'passive') from = posed;
    last = position;
  }
  return turns;
}

/**
 * Drops smiles that were not drawn at that point: people may smile at any time, because the element asks for a mouth at
 * rest only just before a drawn smile.
 */
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
    reason: plausible ? undefined : 'ImpossibleTiming',
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
