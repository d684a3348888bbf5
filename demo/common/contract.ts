/** What the two pages and the demo's back end say to each other. Paths are relative to `/demo/api`. */
import type { LivenessDecision, LivenessOperationMode } from '../../src/protocol/wire.js';

/** `POST /sessions`: what the page asks its back end for. */
export interface SessionRequest {
  livenessOperationMode: LivenessOperationMode;
  sendResultsToClient: boolean;
  /** The pictures are kept, for up to 48 hours, where the operator can see them. */
  enableSessionImage: boolean;
}

/** Answer of `POST /sessions`. The token is short-lived and good for this session only. */
export interface SessionAnswer {
  sessionId: string;
  token: string;
}

/** `POST /results`: what the element handed to the page, passed on unread. */
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
 * - `untrusted`: the digests differ, or this is not the latest submission of its session that was decided. Whatever was
 *   decided counts for nothing.
 */
export type Verdict = 'live' | 'spoof' | 'undecided' | 'untrusted';

/** Answer of `POST /results`: what the back end found out with its own key. */
export interface Outcome {
  verdict: Verdict;
  /** As the service wrote it; null unless this is the latest submission of its session that was decided. */
  decision: LivenessDecision | null;
  /** Whether a judge made the decision. Without one the service answers `uncertain` to everybody. */
  isJudged: boolean;
  /** What decided, in its own words; null where it says nothing. */
  judge: string | null;
  /** Why, where it is said. The demo shows it; a back end of one's own keeps it to itself: it tells a forger which check caught them. */
  reason: string | null;
  digests: { reported: string; audited: string | null };
  sessionId: string;
  attemptId: number;
  resultId: string;
  /** When the service received the submission, ISO 8601; null where the audit has no such submission. */
  receivedDateTime: string | null;
}

/** `GET /reports`, with the service's key: what this back end was told and what it made of it, newest first. */
export interface StoredReport extends ResultReport {
  reportedDateTime: string;
  verdict: Verdict;
}

export interface ErrorAnswer {
  error: { code: string; message: string };
}
