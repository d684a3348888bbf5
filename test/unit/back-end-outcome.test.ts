/** How the demo's back end judges a reported result, and what the page says about it. */
import { describe, expect, it } from 'vitest';
import { judgeReport, sameDigest } from '../../demo/server/back-end/outcome.js';
import type { AuditEntry, Session } from '../../demo/server/back-end/service-client.js';
import { verdictText } from '../../demo/onboarding/verdict-text.js';
import type { Outcome, ResultReport, Verdict } from '../../demo/common/contract.js';
import type { LivenessDecision } from '../../src/protocol/wire.js';

const DIGEST = 'B0A803BB7B26F3C8F29CD36030F8E63ED3FAF955FEEF8E01C88AB8FD89CCF761';
const REPORT: ResultReport = {
  sessionId: 'session',
  attemptId: 1,
  resultId: 'request-2',
  clientRequestId: 'client-request',
  digest: DIGEST,
};

function entry(livenessDecision: LivenessDecision | undefined, over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 1,
    requestId: REPORT.resultId,
    clientRequestId: REPORT.clientRequestId,
    receivedDateTime: '2026-01-02T03:04:05Z',
    response: { statusCode: 200, body: livenessDecision ? { livenessDecision } : {} },
    digest: DIGEST,
    ...over,
  };
}

function judged(latest: AuditEntry, audit = [latest]): Outcome {
  const session: Session = { status: 'ResultAvailable', result: latest };
  return judgeReport(REPORT, session, audit);
}

describe('the verdict', () => {
  it.each<[LivenessDecision, Verdict]>([
    ['realface', 'live'],
    ['spoofface', 'spoof'],
    ['uncertain', 'undecided'],
  ])('follows the decision %s if the digests match', (decision, verdict) => {
    expect(judged(entry(decision))).toMatchObject({ verdict, decision });
  });

  it.each<LivenessDecision>(['realface', 'spoofface', 'uncertain'])(
    'is untrusted if the digests differ, even if the decision is %s',
    (decision) => {
      const digest = DIGEST.replace('F761', 'F760');
      expect(judged(entry(decision, { digest })).verdict).toBe('untrusted');
    },
  );

  it('is untrusted if the audit has no such submission', () => {
    const outcome = judgeReport(REPORT, { status: 'Started' }, []);
    expect(outcome).toMatchObject({ verdict: 'untrusted', decision: null, digests: { audited: null } });
  });

  it('is untrusted if another submission came later, so that an old result cannot be replayed', () => {
    const old = entry('realface');
    const latest = entry('spoofface', { id: 2, requestId: 'request-3' });
    expect(judged(latest, [old, latest]).verdict).toBe('untrusted');
  });

  it('is untrusted if the submission has no decision', () => {
    expect(judged(entry(undefined)).verdict).toBe('untrusted');
  });

  it('is untrusted if the service refused the submission, whose bytes are audited nonetheless', () => {
    const body = { error: { code: 'InvalidRequestBody', message: 'no' } } as AuditEntry['response']['body'];
    const refused = entry(undefined, { response: { statusCode: 400, body } });
    const outcome = judgeReport(REPORT, { status: 'Started' }, [refused]);
    expect(outcome).toMatchObject({ verdict: 'untrusted', decision: null, isJudged: false });
    expect(outcome.digests).toEqual({ reported: DIGEST, audited: DIGEST });
  });

  it('distinguishes a service without a judge from a judge that cannot decide', () => {
    const decided = (reason?: string) =>
      judged(entry('uncertain', { response: { statusCode: 200, body: { livenessDecision: 'uncertain', reason } } }));
    expect(decided('NoJudgeConfigured').isJudged).toBe(false);
    expect(decided('FaceTooSmall')).toMatchObject({ isJudged: true, reason: 'FaceTooSmall' });
    expect(decided()).toMatchObject({ isJudged: true, judge: null, reason: null });
  });
});

describe('sameDigest', () => {
  it('is true for the same digest only, not for another case, a shorter or an empty one', () => {
    expect(sameDigest(DIGEST, DIGEST)).toBe(true);
    expect(sameDigest(DIGEST, DIGEST.toLowerCase())).toBe(false);
    expect(sameDigest(DIGEST, DIGEST.slice(0, 63))).toBe(false);
    expect(sameDigest(DIGEST, '')).toBe(false);
  });
});

describe('what the page says', () => {
  it('has the tone “good” only for a live verdict on a camera, not on a recorded clip', () => {
    const tones = (['live', 'spoof', 'undecided', 'untrusted'] as const).map((verdict) => {
      const outcome = { ...judged(entry('uncertain')), verdict };
      return [verdictText(outcome, false).tone, verdictText(outcome, true).tone];
    });
    expect(tones).toEqual([
      ['good', 'open'],
      ['bad', 'bad'],
      ['open', 'open'],
      ['bad', 'bad'],
    ]);
  });

  it('distinguishes an old, a changed and a missing submission', () => {
    const untrusted = (digests: Outcome['digests']) =>
      verdictText({ ...judged(entry('realface')), verdict: 'untrusted', digests }, false).sentences.join();
    expect(untrusted({ reported: DIGEST, audited: DIGEST })).toContain('not the latest');
    expect(untrusted({ reported: DIGEST, audited: DIGEST.replace('F761', 'F760') })).toContain('is not what this page');
    expect(untrusted({ reported: DIGEST, audited: null })).toContain('no submission');
  });

  it('gives a known reason in words, and names an unknown one', () => {
    const words = (reason: string) => verdictText({ ...judged(entry('spoofface')), reason }, false).sentences.join(' ');
    expect(words('AnotherSession')).toContain('Pictures had been sent before, in another attempt.');
    expect(words('Own')).toContain('“Own”');
  });

  it('says that no judge is configured only if none is', () => {
    const words = (isJudged: boolean) =>
      verdictText({ ...judged(entry('uncertain')), isJudged }, false).sentences.join();
    expect(words(false)).toContain('No judge is configured');
    expect(words(true)).not.toContain('No judge is configured');
  });
});
