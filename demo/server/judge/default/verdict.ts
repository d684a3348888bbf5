/**
 * Turns evidence into a decision. `realface` requires that the challenge is met and nothing speaks against a live
 * person; `spoofface` requires evidence of an attack; everything else is `uncertain`, with the first reason in
 * `REASONS`.
 */
import type { LivenessDecision } from '../../../../src/protocol/wire.js';
import { attackModelEvidence } from './evidence/attack-model.js';
import { challengeEvidence } from './evidence/challenge.js';
import { depthEvidence } from './evidence/depth.js';
import { REASONS, type Case, type Evidence, type Reason } from './evidence/evidence.js';
import { faceEvidence } from './evidence/faces.js';
import { manifestEvidence } from './evidence/manifest.js';
import { repetitionEvidence } from './evidence/repetition.js';

export interface Verdict {
  decision: LivenessDecision;
  reason?: Reason;
  evidence: Evidence[];
}

export function verdictOn(submitted: Case): Verdict {
  const { evidence: challenge, turns } = challengeEvidence(submitted);
  const evidence = [
    ...challenge,
    ...depthEvidence(submitted, turns),
    ...faceEvidence(submitted),
    ...repetitionEvidence(submitted),
    ...manifestEvidence(submitted),
    ...attackModelEvidence(submitted),
  ];
  const attack = firstReason(evidence.filter(({ finding }) => finding === 'attack'));
  if (attack) return { decision: 'spoofface', reason: attack, evidence };
  const doubt = firstReason(evidence.filter(({ finding }) => finding === 'doubts'));
  if (doubt) return { decision: 'uncertain', reason: doubt, evidence };
  return { decision: 'realface', evidence };
}

function firstReason(evidence: readonly Evidence[]): Reason | undefined {
  const given = new Set(evidence.map(({ reason }) => reason));
  return REASONS.find((reason) => given.has(reason));
}
