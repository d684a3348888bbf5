import type { LivenessDecision } from './protocol/wire.js';

/** What the page gets: enough for its back end to find and check the result, and nothing to decide by. */
export interface LivenessResult {
  /** The session the token belongs to. */
  sessionId: string;
  /** Counts from 1 within the session. */
  attemptId: number;
  /** The service's `apim-request-id` of the submission: the `requestId` of its audit entry. */
  resultId: string;
  /** The `clientRequestId` of the audit entry. */
  clientRequestId: string;
  /** 64 upper-case hex digits: SHA-256 over the bytes sent. The back end compares it with the audit entry's. */
  digest: string;
  /** For display only, and only where the session sends results to the client. A page must not decide by it. */
  livenessDecision?: LivenessDecision;
}
