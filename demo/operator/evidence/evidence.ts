/** Shows the judge's reasons: in words, as findings with their thresholds, and as charts of the head's motion. */
import type { LivenessResponseBody } from '../../../src/protocol/wire.js';
import { create, facts } from '../../common/dom.js';
import { findingList } from './findings.js';
import { judgeEvidence, type JudgeEvidence } from './judge-evidence.js';
import { poseCharts } from './pose-chart.js';
import { decisionWords } from './words.js';

/** @returns null if the response has neither a reason nor evidence that can be shown */
export function evidenceView(body: LivenessResponseBody): HTMLElement | null {
  const evidence = judgeEvidence(body);
  if (!evidence && typeof body.reason !== 'string') return null;
  return create(
    'section',
    { class: 'evidence' },
    create('h5', {}, 'Why this was decided'),
    create('p', {}, decisionWords(body, evidence?.findings)),
    ...(evidence ? [poseCharts(evidence), comparison(body, evidence), findingList(evidence.findings)] : []),
  );
}

function comparison({ verifyResult }: LivenessResponseBody, { verify }: JudgeEvidence): HTMLElement | null {
  if (!verifyResult) return null;
  const { isIdentical, matchConfidence, verifyImage } = verifyResult;
  return facts({
    'Verify image': isIdentical ? 'the same person' : 'not considered the same person',
    Confidence: matchConfidence.toFixed(3),
    Quality: `verify image ${verifyImage.qualityForRecognition}${verify ? `, frame ${verify.frameQuality}` : ''}`,
    Compared:
      verify &&
      `${verify.frame}, distance ${verify.distance.toFixed(3)}; largest distance of a face from the most typical one ${verify.furthest.toFixed(3)}`,
  });
}
