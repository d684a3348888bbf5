import { LIVENESS_ERRORS, type LivenessErrorCode } from './protocol/errors.js';
import type { Failure } from './protocol/failure.js';

/** What `start()` rejects with and `liveness-error` carries. */
export class LivenessError extends Error {
  override readonly name = 'LivenessError';
  /** One of the codes in `LIVENESS_ERRORS`. */
  readonly code: LivenessErrorCode;
  /** Whether another attempt can help if the page changes nothing. */
  readonly retryable: boolean;
  /** HTTP status with which the session service, or the server of the face model, refused. */
  readonly status?: number;
  /** Error code that the session service gave, or would have given. */
  readonly serviceCode?: string;
  /** Seconds the service asks to wait before trying again. */
  readonly retryAfter?: number;
  /**
   * How many more attempts the token allows; absent if none was opened. After the last one, only a new session can
   * help.
   */
  readonly attemptsRemaining?: number;

  constructor(failure: Failure, attemptsRemaining: number | null = null) {
    super(`${failure.code}: ${failure.message}`);
    this.code = failure.code;
    this.retryable = LIVENESS_ERRORS[failure.code].retryable;
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.serviceCode !== undefined) this.serviceCode = failure.serviceCode;
    if (failure.retryAfter !== undefined) this.retryAfter = failure.retryAfter;
    if (attemptsRemaining !== null) this.attemptsRemaining = attemptsRemaining;
  }
}
