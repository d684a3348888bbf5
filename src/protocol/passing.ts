/** What can be otherwise the next time, though nobody does anything. */
import type { Failure, LivenessErrorCode } from './errors.js';

const PASSING: readonly LivenessErrorCode[] = [
  'ServiceUnreachable',
  'ServerRequestTimedOut',
  'UnexpectedServerError',
  'TooManyRequests',
  'AssetsNotLoaded',
  'AssetsTimedOut',
  'WorkerNotLoaded',
];

/** A refusal passes only where the server is to blame: an answer of 404 will be the same again. */
export function isPassing({ code, status = 500 }: Failure): boolean {
  return PASSING.includes(code) && (status >= 500 || status === 408 || status === 429);
}

/** Nothing came, so far as that can be told: of a worker file a browser does not say whether it is missing. */
export function isUnanswered({ code, status }: Failure): boolean {
  return status === undefined && code !== 'WorkerNotLoaded';
}
