/**
 * Maps an error response of the session service to a `Failure`. Shared by the calls of the window and the upload of the
 * worker.
 */
import type { LivenessErrorCode } from './errors.js';
import type { Failure } from './failure.js';
import { HEADERS, type FaceErrorResponse } from './wire.js';

/** Service codes that are more specific than their status. */
const BY_SERVICE_CODE = new Map<string | undefined, LivenessErrorCode>([
  ['TokenExpired', 'TokenExpired'],
  ['SessionNotFound', 'SessionNotFound'],
  ['AttemptsExhausted', 'AttemptsExhausted'],
  ['DigestMismatch', 'DigestMismatch'],
  ['ConcurrentOperationConflict', 'AttemptExpired'],
  ['InvalidDeviceCorrelationId', 'InvalidDeviceCorrelationId'],
]);

const BY_STATUS: Record<number, LivenessErrorCode> = {
  401: 'InvalidToken',
  404: 'SessionNotFound',
  // 408: the request took too long to arrive. (With 504 it was a server behind this one that took too long.)
  408: 'ServerRequestTimedOut',
  429: 'TooManyRequests',
};

/**
 * No redirect is accepted: what the element sends is for the session service only. A redirected request is not retried,
 * just like a refused one.
 */
export const REDIRECTED: Failure = {
  code: 'UnexpectedClientError',
  message:
    'Another address answered in place of the session service, through a redirect or through a service worker of the page',
};

interface RefusedResponse {
  status: number;
  header(name: string): string | null;
  text: string;
}

export function failureOfResponse({ status, header, text }: RefusedResponse): Failure {
  const error = parseError(text);
  const serviceCode = header(HEADERS.errorCode) ?? error?.code;
  const code =
    BY_SERVICE_CODE.get(serviceCode) ||
    BY_STATUS[status] ||
    (status >= 500 ? 'UnexpectedServerError' : 'UnexpectedClientError');
  const retryAfter = secondsOf(header('retry-after') ?? '');
  return {
    code,
    message: `The service answered ${status}${error ? `: ${error.message}` : ''}`,
    status,
    ...(serviceCode ? { serviceCode } : {}),
    ...(retryAfter > 0 ? { retryAfter } : {}),
  };
}

/** `Retry-After`: seconds, or a date. NaN if it is neither. */
function secondsOf(text: string): number {
  const seconds = Number(text);
  // `Number` first: `Date.parse` is lenient and accepts even `-3`.
  return Number.isNaN(seconds) ? Math.ceil((Date.parse(text) - Date.now()) / 1000) : seconds;
}

function parseError(text: string): FaceErrorResponse['error'] | null {
  try {
    const body = JSON.parse(text) as Partial<FaceErrorResponse> | null;
    return typeof body?.error?.message === 'string' ? body.error : null;
  } catch {
    return null;
  }
}
