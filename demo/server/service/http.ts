/** Middleware for every request: an id, a line in the log, and refusals in one form. */
import type { ErrorHandler, Hono, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { HEADERS } from '../../../src/protocol/wire.js';
import { isDatabaseUnavailable } from '../database/unavailable.js';
import type { RequestContext, ServiceContext, ServiceEnv, ServiceRequest } from './context.js';
import { errors, refusalOf } from './errors.js';

/** Characters kept of a client request id; the rest of a longer one is ignored. */
export const MOST_OF_CLIENT_ID = 64;
/** Probes request these every few seconds, so only their failures are logged. */
const PROBES: readonly string[] = ['/healthz', '/readyz'];

/** Gives every request an id, returns it in a header, and logs one line. */
export function identify({ now, log, loggable }: ServiceContext): MiddlewareHandler<ServiceEnv> {
  return async (request, next) => {
    const requestId = crypto.randomUUID();
    const clientRequestId = (request.req.header(HEADERS.clientRequestId) ?? '').slice(0, MOST_OF_CLIENT_ID);
    const startedAt = performance.now();
    request.set('request', { requestId, clientRequestId, receivedAt: now(), startedAt });
    await next();
    const { headers, status } = request.res;
    const { sessionId, key, sessions, target, refusedOrigin, notReady } = request.get('request');
    if (!headers.has(HEADERS.requestId)) headers.set(HEADERS.requestId, requestId);
    if (PROBES.includes(request.req.path) && status < 400) return;
    log({
      level: 'info',
      event: 'request',
      requestId,
      clientRequestId: loggable.clientId(clientRequestId),
      sessionId: loggable.id(sessionId),
      key: await key,
      sessions,
      refusedOrigin: refusedOrigin && loggable.origin(refusedOrigin),
      method: request.req.method,
      // The path as it was sent: routing uses a lower-case copy.
      path: loggable.path(new URL(request.req.url).pathname),
      status,
      code: headers.get(HEADERS.errorCode) ?? undefined,
      target,
      notReady,
      milliseconds: Math.round(performance.now() - startedAt),
    });
  };
}

/** Answers 405 instead of 404 if the path exists, but not for this method. */
export function refuseMethods(app: Hono<ServiceEnv>): MiddlewareHandler<ServiceEnv> {
  return methodNotAllowed({
    app,
    onMethodNotAllowed({ res }, methods) {
      // Removes the error code of the 404 that this replaces; its other headers stay.
      res.headers.delete(HEADERS.errorCode);
      return errors.methodNotAllowed({ allow: methods.join(', ') }).toResponse();
    },
  });
}

/** Results, audit entries and faces are for the caller alone: no browser or proxy may store them. */
export const notKept: MiddlewareHandler = async (request, next) => {
  await next();
  request.res.headers.set('cache-control', 'no-store');
};

/** Lets pages of these origins make the element's calls and read the response headers it needs. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: (origin, request: ServiceRequest) => {
      if (origins.includes(origin)) return origin;
      // The page itself learns only that its request failed, so the log has to say why. Pages of the service's own
      // origin send no OPTIONS.
      if (origin && request.req.method === 'OPTIONS') request.get('request').refusedOrigin = origin;
      return null;
    },
    allowMethods: ['POST'],
    allowHeaders: ['authorization', 'content-type', HEADERS.clientRequestId, HEADERS.contentDigest],
    exposeHeaders: [HEADERS.requestId, HEADERS.errorCode, 'retry-after'],
    maxAge: 7200,
  });
}

export function answerError(context: ServiceContext): ErrorHandler<ServiceEnv> {
  return (error, request) => {
    const refusal = refusalOf(error);
    const asked = request.get('request');
    asked.target = refusal.target;
    asked.sessionId ??= refusal.sessionId;
    if (error !== refusal) logFailure(context, asked, error);
    return refusal.toResponse();
  };
}

/** Logs an error of the database or of the service itself. */
export function logFailure({ log, loggable }: ServiceContext, asked: RequestContext, error: unknown): void {
  const { requestId, sessionId } = asked;
  log({
    level: 'error',
    event: isDatabaseUnavailable(error) ? 'database-unavailable' : 'unexpected',
    requestId,
    sessionId: loggable.id(sessionId),
    error: (error instanceof Error && error.stack) || String(error),
  });
}
