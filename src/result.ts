import type { LivenessDecision } from './protocol/wire.js';

/** What the page receives: enough for its back end to find and verify the result, nothing to base a decision on. */
export interface LivenessResult {
  /** The session the token belongs to. */
  sessionId: string;
  /** Number of the attempt within the session, from 1. */
  attemptId: number;
  /** The service's `apim-request-id` of the submission: the `requestId` of its audit entry. */
  resultId: string;
  /** The `clientRequestId` of the audit entry. */
  clientRequestId: string;
  /** 64 upper-case hex digits: SHA-256 over the bytes sent. The back end compares it with the audit entry's. */
  digest: string;
  /** For display only, and only if the session sends results to the client. A page must not decide by it. */
  livenessDecision?: LivenessDecision;
}
