/** The messages between the two pages and the demo's back end. Paths are relative to `/demo/api`. */
import type { LivenessDecision, LivenessOperationMode } from '../../src/protocol/wire.js';

/** `POST /sessions`: what the page asks its back end for. */
export interface SessionRequest {
  livenessOperationMode: LivenessOperationMode;
  sendResultsToClient: boolean;
  /** True: the service keeps the pictures for up to 48 hours, and the operator can see them. */
  enableSessionImage: boolean;
}

/** Response to `POST /sessions`. The token is short-lived and only valid for this session. */
export interface SessionAnswer {
  sessionId: string;
  token: string;
}

/** `POST /results`: fields of the element's result, which the page passes on without reading them. */
export interface ResultReport {
  sessionId: string;
  attemptId: number;
  /** The request id under which the service keeps the submission in its audit. */
  resultId: string;
  clientRequestId: string;
  /** 64 upper-case hex digits: SHA-256 over the submitted bytes, as the element computed it. */
  digest: string;
}

/**
 * - `live`, `spoof`: the service decided, and the digests are the same;
 * - `undecided`: the digests are the same, but the service says `uncertain`;
 * - `untrusted`: the digests differ, or this is not the latest decided submission of its session. Any decision about it
 *   counts for nothing.
 */
export type Verdict = 'live' | 'spoof' | 'undecided' | 'untrusted';

/** Response to `POST /results`: what the back end found out with its own key. */
export interface Outcome {
  verdict: Verdict;
  /** The decision as the service wrote it; null unless this is the latest decided submission of its session. */
  decision: LivenessDecision | null;
  /** Whether a judge made the decision. Without one the service answers `uncertain` to everybody. */
  isJudged: boolean;
  /** The name the judge gives itself; null if it gives none. */
  judge: string | null;
  /**
   * The judge's reason, if it gives one. The demo shows it; a real back end keeps it to itself, because it tells a
   * forger which check caught them.
   */
  reason: string | null;
  digests: { reported: string; audited: string | null };
  sessionId: string;
  attemptId: number;
  resultId: string;
  /** The time at which the service received the submission, ISO 8601; null if it is not in the audit. */
  receivedDateTime: string | null;
}

/** `GET /reports`, which needs the service's key, lists what this back end received and its verdicts, newest first. */
export interface StoredReport extends ResultReport {
  reportedDateTime: string;
  verdict: Verdict;
}

export interface ErrorAnswer {
  error: { code: string; message: string };
}
