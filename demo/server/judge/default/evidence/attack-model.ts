/** How the operator's own presentation-attack model rates the frames, if there is one. */
import type { Case, Evidence } from './evidence.js';

export function attackModelEvidence({ analysis, attackModel }: Case): Evidence[] {
  if (!attackModel) return [];
  const scores = analysis.frames.flatMap(({ attackScore }) => attackScore ?? []);
  const value = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
  const { live, attack } = attackModel.thresholds;
  const finding = scores.length === 0 ? 'doubts' : value >= live ? 'supports' : value < attack ? 'attack' : 'doubts';
  return [
    {
      name: `attackModel.${attackModel.name}`,
      finding,
      reason: finding === 'supports' ? undefined : 'AttackModel',
      value,
      atLeast: live,
      unit: 'log-odds of a live face',
    },
  ];
}
