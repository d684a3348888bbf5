/** Which failures are temporary: the next try may succeed although nobody changes anything. */
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

/** A refusal is temporary only if the server is at fault: a 404 will be the same again. */
export function isPassing({ code, status = 500 }: Failure): boolean {
  return PASSING.includes(code) && (status >= 500 || status === 408 || status === 429);
}

/**
 * Whether nothing came back, as far as that can be known: for a worker file, a browser does not say whether it is
 * missing.
 */
export function isUnanswered({ code, status }: Failure): boolean {
  return status === undefined && code !== 'WorkerNotLoaded';
}
