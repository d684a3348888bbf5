/** The window's calls to the session service: opening and ending an attempt. The worker sends the frames. */
import { anySignal } from './protocol/any-signal.js';
import { FailureError, type LivenessErrorCode } from './protocol/errors.js';
import { isSafeAddress } from './protocol/safe-address.js';
import { failureOfResponse } from './protocol/service-failure.js';
import { decodeToken, type TokenClaims } from './protocol/token.js';
import {
  CLIENT_PATHS,
  DEFAULT_API_VERSION,
  HEADERS,
  type AttemptEndRequest,
  type SessionStartRequest,
  type SessionStartResponse,
} from './protocol/wire.js';
import { VERSION } from './version.js';

export class ServiceClient {
  readonly token: string;
  readonly claims: TokenClaims;
  readonly #base: string;

  /**
   * @param endpoint the service's base URL; if empty, the token's audience
   * @throws FailureError `InvalidToken`, `TokenExpired`, or `InsecureContext` if the address is not a safe one
   */
  constructor(token: string, endpoint: string) {
    const claims = decodeToken(token);
    if (!claims) throw new FailureError({ code: 'InvalidToken', message: 'Not a token of a session service' });
    this.token = token;
    this.claims = claims;
    this.requireTime();
    this.#base = `${baseOf(endpoint || claims.aud)}/face/${claims.ver || DEFAULT_API_VERSION}`;
  }

  /** @throws FailureError `TokenExpired` */
  requireTime(): void {
    if (this.claims.exp * 1000 > Date.now()) return;
    throw new FailureError({ code: 'TokenExpired', message: 'The token is past its lifetime' });
  }

  /** Where the worker sends the frames. */
  get submissionUrl(): string {
    return this.#base + (this.claims.verify ? CLIENT_PATHS.detectLivenessWithVerify : CLIENT_PATHS.detectLiveness);
  }

  /**
   * @param clientRequestId the same for every retry, so that the service repeats its first answer
   * @throws FailureError
   */
  async startAttempt(
    deviceCorrelationId: string,
    deadlineMs: number,
    signal: AbortSignal,
    clientRequestId: string,
  ): Promise<SessionStartResponse> {
    const body: SessionStartRequest = {
      client: { name: 'face-liveness', version: VERSION },
      ...(this.claims.deviceCorrelationIdSetInClient && deviceCorrelationId ? { deviceCorrelationId } : {}),
    };
    const untilThen = anySignal(signal, AbortSignal.timeout(deadlineMs));
    const [response, text] = await this.#post(CLIENT_PATHS.sessionStart, body, { signal: untilThen }, clientRequestId)
      .then(async (answer) => [answer, await answer.text()] as const)
      .catch((error: unknown) => {
        throw new FailureError({ code: codeOfFetch(signal, untilThen), message: `session/start: ${String(error)}` });
      });
    if (!response.ok) {
      const header = (name: string) => response.headers.get(name);
      throw new FailureError(failureOfResponse({ status: response.status, header, text }));
    }
    return parseAttempt(text, response.status);
  }

  /** Best effort; `keepalive` lets the request outlive the page. */
  endAttempt(body: AttemptEndRequest): void {
    void this.#post(CLIENT_PATHS.attemptEnd, body, { keepalive: true }).catch(() => undefined);
  }

  #post(path: string, body: object, init: RequestInit, id: string = crypto.randomUUID()): Promise<Response> {
    return fetch(this.#base + path, {
      ...init,
      method: 'POST',
      cache: 'no-store',
      // The page's address may name the application or the person.
      referrerPolicy: 'no-referrer',
      headers: {
        authorization: `Bearer ${this.token}`,
        'content-type': 'application/json',
        [HEADERS.clientRequestId]: id,
      },
      body: JSON.stringify(body),
    });
  }
}

/**
 * The address without trailing slashes.
 *
 * @throws FailureError `InsecureContext` if it is not safe, `InvalidToken` if it is no address
 */
function baseOf(address: string): string {
  if (!isSafeAddress(parse(address))) {
    throw new FailureError({
      code: 'InsecureContext',
      message: `The session service is not served safely: ${address}`,
    });
  }
  return address.replace(/\/+$/, '');
}

function parse(address: string): URL {
  try {
    return new URL(address);
  } catch {
    throw new FailureError({ code: 'InvalidToken', message: `The session service has no address: ${address}` });
  }
}

/** A 200 from something other than a session service (a proxy, a login page) is not an attempt. */
function parseAttempt(text: string, status: number): SessionStartResponse {
  try {
    const attempt = JSON.parse(text) as Partial<SessionStartResponse> | null;
    if (attempt?.attemptId && attempt.activeMotion?.directions && attempt.limits)
      return attempt as SessionStartResponse;
  } catch {
    // reported below
  }
  throw new FailureError({ code: 'UnexpectedServerError', message: 'session/start: the answer is no attempt', status });
}

/**
 * Decided by the signals, because Chrome before 124 throws an `AbortError` whatever the reason.
 * https://github.com/mdn/browser-compat-data/issues/20381
 */
function codeOfFetch(canceled: AbortSignal, untilThen: AbortSignal): LivenessErrorCode {
  if (canceled.aborted) return 'UserCanceledSession';
  return untilThen.aborted ? 'ServerRequestTimedOut' : 'ServiceUnreachable';
}
