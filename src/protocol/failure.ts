/** How an error travels: as plain data across the bridge between window and worker, as an exception on either side. */
import type { LivenessErrorCode } from './errors.js';

/**
 * An error in the form in which it crosses from worker to window: structured clone drops the fields of error classes.
 */
export interface Failure {
  code: LivenessErrorCode;
  /** For the developer's console; never holds a token, a key or a picture. */
  message: string;
  /** HTTP status of the server that refused. */
  status?: number;
  /** Error code that the service gave, or would have given. */
  serviceCode?: string;
  /** Seconds the service asks to wait. */
  retryAfter?: number;
}

/** Thrown on either side of the bridge; `failure` is what crosses it. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** Turns any thrown value into a failure with a code. */
export function failureOf(error: unknown): Failure {
  return error instanceof FailureError ? error.failure : { code: 'Unexpected', message: String(error) };
}

/** Result of a worker method. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };
