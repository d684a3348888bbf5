/** What every request goes through: an id, a line in the log, and refusals in one shape. */
import type { Context, ErrorHandler, Hono, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { HEADERS } from '../../../src/protocol/wire.js';
import { isDatabaseUnavailable } from '../database/unavailable.js';
import type { ServiceContext, ServiceEnv } from './context.js';
import { errors, refusalOf } from './errors.js';

/** Characters of a client's id: the rest of a longer one does not count. */
export const MOST_OF_CLIENT_ID = 64;
/** Characters of a refused origin. */
const MOST_LOGGED = 253;
/** Asked every few seconds, for ever: only that they fail is worth a line. */
const PROBES: readonly string[] = ['/healthz', '/readyz'];

/** Gives every request an id, says it in the answer, and logs one line. */
export function identify({ now, log }: ServiceContext): MiddlewareHandler<ServiceEnv> {
  return async (request, next) => {
    const requestId = crypto.randomUUID();
    const clientRequestId = (request.req.header(HEADERS.clientRequestId) ?? '').slice(0, MOST_OF_CLIENT_ID);
    const startedAt = performance.now();
    request.set('request', { requestId, clientRequestId, receivedAt: now(), startedAt });
    await next();
    const { headers, status } = request.res;
    const { sessionId, key, target, refusedOrigin } = request.get('request');
    if (!headers.has(HEADERS.requestId)) headers.set(HEADERS.requestId, requestId);
    if (PROBES.includes(request.req.path) && status < 400) return;
    log({
      level: 'info',
      event: 'request',
      requestId,
      clientRequestId,
      sessionId,
      key,
      refusedOrigin,
      method: request.req.method,
      // As it was sent: what is routed by is in lower case.
      path: new URL(request.req.url).pathname,
      status,
      code: headers.get(HEADERS.errorCode) ?? undefined,
      target,
      milliseconds: Math.round(performance.now() - startedAt),
    });
  };
}

/** What is there, but not for this method, is 405 and not 404. */
export function refuseMethods(app: Hono<ServiceEnv>): MiddlewareHandler<ServiceEnv> {
  return methodNotAllowed({
    app,
    onMethodNotAllowed({ res }, methods) {
      // Of the 404 that it takes the place of; other headers stay.
      res.headers.delete(HEADERS.errorCode);
      return errors.methodNotAllowed({ allow: methods.join(', ') }).toResponse();
    },
  });
}

/** Results, audit and faces are for who asked: no browser or proxy keeps them. */
export const notKept: MiddlewareHandler = async (request, next) => {
  await next();
  request.res.headers.set('cache-control', 'no-store');
};

/** Pages of these origins may make the element's calls and read what it needs of the answers. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: (origin, request: Context<ServiceEnv>) => {
      if (origins.includes(origin)) return origin;
      // All the page is told is that its request failed. Pages of the service's own origin send no OPTIONS.
      if (origin && request.req.method === 'OPTIONS') {
        request.get('request').refusedOrigin = origin.slice(0, MOST_LOGGED);
      }
      return null;
    },
    allowMethods: ['POST'],
    allowHeaders: ['authorization', 'content-type', HEADERS.clientRequestId, HEADERS.contentDigest],
    exposeHeaders: [HEADERS.requestId, HEADERS.errorCode, 'retry-after'],
    maxAge: 7200,
  });
}

export function answerError({ log }: ServiceContext): ErrorHandler<ServiceEnv> {
  return (error, request) => {
    const refusal = refusalOf(error);
    const asked = request.get('request');
    asked.target = refusal.target;
    asked.sessionId ??= refusal.sessionId;
    if (error !== refusal) {
      const { requestId, sessionId } = asked;
      log({
        level: 'error',
        event: isDatabaseUnavailable(error) ? 'database-unavailable' : 'unexpected',
        requestId,
        sessionId,
        error: error.stack ?? String(error),
      });
    }
    return refusal.toResponse();
  };
}
