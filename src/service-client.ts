/** The window's calls to the session service: opening and ending an attempt. The worker sends the frames. */
import { anySignal } from './protocol/any-signal.js';
import type { LivenessErrorCode } from './protocol/errors.js';
import { FailureError } from './protocol/failure.js';
import { isSafeAddress } from './protocol/safe-address.js';
import { failureOfResponse, REDIRECTED } from './protocol/service-failure.js';
import { decodeToken, type TokenClaims } from './protocol/token.js';
import {
  ACTIVE_MOTIONS,
  CLIENT_PATHS,
  DEFAULT_API_VERSION,
  HEADERS,
  LIVENESS_OPERATION_MODES,
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
   * @throws FailureError `InvalidToken`, `TokenExpired`, or `InsecureContext` if the address is not safe
   */
  constructor(token: string, endpoint: string) {
    const claims = decodeToken(token);
    if (!claims)
      throw new FailureError({ code: 'InvalidToken', message: 'The token cannot be read as one of a session service' });
    this.token = token;
    this.claims = claims;
    this.requireTime();
    this.#base = `${baseOf(endpoint || claims.aud)}/face/${claims.ver || DEFAULT_API_VERSION}`;
  }

  /** @throws FailureError `TokenExpired` */
  requireTime(): void {
    if (this.claims.exp * 1000 > Date.now()) return;
    throw new FailureError({ code: 'TokenExpired', message: 'The token has expired' });
  }

  /** Where the worker sends the frames. */
  get submissionUrl(): string {
    return this.#base + (this.claims.verify ? CLIENT_PATHS.detectLivenessWithVerify : CLIENT_PATHS.detectLiveness);
  }

  /**
   * Opens an attempt.
   *
   * @param deadlineMs milliseconds for this one request
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
    if (response.type === 'opaqueredirect') throw new FailureError(REDIRECTED);
    if (!response.ok) {
      const header = (name: string) => response.headers.get(name);
      throw new FailureError(failureOfResponse({ status: response.status, header, text }));
    }
    // The session id in the result is always that of the token, whatever the answer says.
    return { ...parseAttempt(text, response.status), sessionId: this.claims.sub };
  }

  /** Best effort; `keepalive` lets the request outlive the page. */
  endAttempt(body: AttemptEndRequest): void {
    void this.#post(CLIENT_PATHS.attemptEnd, body, { keepalive: true }).catch(() => undefined);
  }

  #post(path: string, body: object, init: RequestInit, id: string = crypto.randomUUID()): Promise<Response> {
    return fetch(this.#base + path, {
      ...init,
      method: 'POST',
      // With `error`, a redirect would look like a lost connection and be retried again and again.
      redirect: 'manual',
      cache: 'no-store',
      // The page's address may reveal the application or the person.
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
 * @throws FailureError `InsecureContext` if it is not safe, `InvalidToken` if it is not a valid URL
 */
function baseOf(address: string): string {
  if (!isSafeAddress(parse(address))) {
    throw new FailureError({
      code: 'InsecureContext',
      message: `The session service is not served over HTTPS or from localhost: ${address}`,
    });
  }
  return address.replace(/\/+$/, '');
}

function parse(address: string): URL {
  try {
    return new URL(address);
  } catch {
    const message = `\`endpoint\`, or the token’s \`aud\`, is not a valid address: ${address}`;
    throw new FailureError({ code: 'InvalidToken', message });
  }
}

/** A 200 from something other than a session service (a proxy, a login page) is not an attempt. */
function parseAttempt(text: string, status: number): SessionStartResponse {
  try {
    const attempt = JSON.parse(text) as SessionStartResponse;
    if (isAttempt(attempt)) return attempt;
  } catch {
    // reported below
  }
  const message = 'session/start: the answer does not describe an attempt in the way that docs/wire.md requires';
  throw new FailureError({ code: 'UnexpectedServerError', message, status });
}

/**
 * Checks also that the element knows every motion, and that there is at least one if motions are required.
 *
 * @throws TypeError if a part is missing
 */
function isAttempt(attempt: SessionStartResponse): boolean {
  const { attemptId, attemptsRemaining, livenessOperationMode, activeMotion, limits } = attempt;
  const { required, directions } = activeMotion;
  return (
    [attemptId, attemptsRemaining, limits.maxFrames].every(Number.isInteger) &&
    [limits.maxBytes, limits.seconds].every(Number.isFinite) &&
    [attemptId, limits.maxFrames, limits.maxBytes, limits.seconds].every((number) => number > 0) &&
    attemptsRemaining >= 0 &&
    LIVENESS_OPERATION_MODES.includes(livenessOperationMode) &&
    typeof required === 'boolean' &&
    directions.every((direction) => ACTIVE_MOTIONS.includes(direction)) &&
    (directions.length > 0 || !required)
  );
}

/**
 * Decides by the signals, not by the error: Chrome before 124 throws an `AbortError` whatever the reason.
 * https://github.com/mdn/browser-compat-data/issues/20381
 */
function codeOfFetch(canceled: AbortSignal, untilThen: AbortSignal): LivenessErrorCode {
  if (canceled.aborted) return 'UserCanceledSession';
  return untilThen.aborted ? 'ServerRequestTimedOut' : 'ServiceUnreachable';
}
