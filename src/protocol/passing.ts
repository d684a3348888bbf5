/** Decides which failures are temporary, so that the next try may succeed although nobody changes anything. */
import type { LivenessErrorCode } from './errors.js';
import type { Failure } from './failure.js';

const PASSING: readonly LivenessErrorCode[] = [
  'ServiceUnreachable',
  'ServerRequestTimedOut',
  'UnexpectedServerError',
  'TooManyRequests',
  'AssetsNotLoaded',
  'AssetsTimedOut',
  'WorkerNotLoaded',
];

/** If the server refused, the failure is temporary only with status 408, 429 or 5xx: a 404 would be a 404 again. */
export function isPassing({ code, status = 500 }: Failure): boolean {
  return PASSING.includes(code) && (status >= 500 || status === 408 || status === 429);
}

/**
 * Whether no answer came back, as far as that is known: browsers do not tell whether a worker file is missing or the
 * connection was lost.
 */
export function isUnanswered({ code, status }: Failure): boolean {
  return status === undefined && code !== 'WorkerNotLoaded';
}
