/** How a back end evaluates a result that a page reports. Pure. */
import { timingSafeEqual } from 'node:crypto';
import type { LivenessDecision } from '../../../src/protocol/wire.js';
import type { Outcome, ResultReport, Verdict } from '../../common/contract.js';
import type { AuditEntry, Session } from './service-client.js';

/** The reason this service gives with every decision while it has no judge. */
const NO_JUDGE = 'NoJudgeConfigured';

/**
 * @param session the session the report is about.
 * @param audit every audit entry of that session.
 */
export function judgeReport(report: ResultReport, session: Session, audit: AuditEntry[]): Outcome {
  const entry = audit.find(({ requestId }) => requestId === report.resultId);
  // Only the latest submission counts: an earlier result, reported again, must not outlive a later one.
  const body = session.result?.requestId === report.resultId ? session.result.response.body : undefined;
  const decision = body?.livenessDecision ?? null;
  return {
    verdict: verdictOf(report, entry, decision),
    decision,
    isJudged: body !== undefined && body.reason !== NO_JUDGE,
    judge: body?.modelVersionUsed ?? null,
    reason: typeof body?.reason === 'string' ? body.reason : null,
    digests: { reported: report.digest, audited: entry?.digest ?? null },
    sessionId: report.sessionId,
    attemptId: report.attemptId,
    resultId: report.resultId,
    receivedDateTime: entry?.receivedDateTime ?? null,
  };
}

function verdictOf(report: ResultReport, entry: AuditEntry | undefined, decision: LivenessDecision | null): Verdict {
  // Integrity first: a decision about other bytes than the page sent is a decision about nothing.
  if (!entry || !decision || !sameDigest(report.digest, entry.digest)) return 'untrusted';
  switch (decision) {
    case 'realface':
      // This suffices for sessions without verify, like the demo's. With verify, `verifyResult.isIdentical` has to be
      // true as well: docs/back-end.md.
      return 'live';
    case 'spoofface':
      return 'spoof';
    default:
      return 'undecided';
  }
}

/** In constant time, so that timing does not reveal a digest digit by digit. */
export function sameDigest(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
