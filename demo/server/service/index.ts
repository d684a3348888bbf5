/**
 * The session service: web-standard handlers over a database. `fetch(request) → response`, so that it runs wherever
 * requests come from; Node is one place, `../main.ts`.
 */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { HEAD_TURNS, HEADERS, type HeadTurn, type LivenessOperationMode } from '../../../src/protocol/wire.js';
import type { Database } from '../database/schema.js';
import { noJudge } from '../judge/none.js';
import type { Judge } from '../judge/judge.js';
import { createKeyCheck } from './access/api-keys.js';
import { clientOperations } from './api/client.js';
import type { Log, ServiceContext, ServiceEnv } from './context.js';
import { errors, ServiceError } from './errors.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import type { Operation } from './api/operations.js';
import { previewOperations } from './api/preview.js';
import { createTokens } from './access/tokens.js';

export interface ServiceOptions {
  database: Database;
  /** Subscription keys, each of 16 characters or more. */
  apiKeys: readonly string[];
  /** Where clients reach the service: issuer and audience of the tokens. */
  publicUrl: string;
  /** Origins of pages that may call from another origin. */
  allowedOrigins?: readonly string[];
  judge?: Judge;
  limits?: Partial<Limits>;
  signingKeyLifetimeMs?: number;
  /** Head turns for one attempt; by default three at random. */
  drawDirections?: (mode: LivenessOperationMode) => HeadTurn[];
  activeMotionRequired?: boolean;
  now?: () => number;
  log?: Log;
}

export interface Service {
  fetch(request: Request): Promise<Response>;
}

const SIGNING_KEY_LIFETIME_MS = 90 * 24 * 3_600_000;

export function createService(options: ServiceOptions): Service {
  const now = options.now ?? Date.now;
  const context: ServiceContext = {
    database: options.database,
    tokens: createTokens(options.database, {
      publicUrl: options.publicUrl,
      signingKeyLifetimeMs: options.signingKeyLifetimeMs ?? SIGNING_KEY_LIFETIME_MS,
      now,
    }),
    isApiKey: createKeyCheck(options.apiKeys),
    judge: options.judge ?? noJudge,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    drawDirections: options.drawDirections ?? drawDirections,
    activeMotionRequired: options.activeMotionRequired ?? false,
    now,
    log: options.log ?? (() => undefined),
  };

  // Paths are read in any case, as the official clients write them.
  const app = new Hono<ServiceEnv>({ getPath: (request) => new URL(request.url).pathname.toLowerCase() });
  app.use(identify(context));
  app.use(
    '/face/*',
    cors({
      origin: [...(options.allowedOrigins ?? [])],
      allowMethods: ['POST'],
      allowHeaders: ['authorization', 'content-type', HEADERS.clientRequestId, HEADERS.contentDigest],
      exposeHeaders: [HEADERS.requestId, HEADERS.errorCode, 'retry-after'],
      maxAge: 7200,
    }),
  );
  for (const operation of [...clientOperations(context), ...previewOperations(context)]) mount(app, context, operation);
  app.get('/.well-known/jwks.json', async (request) => request.json(await context.tokens.keySet()));
  app.notFound(() => errors.notFound().toResponse());
  app.onError((error, request) => {
    if (error instanceof ServiceError) return error.toResponse();
    const { requestId } = request.get('request');
    context.log({ level: 'error', event: 'unexpected', requestId, error: error.stack ?? String(error) });
    return errors.internal().toResponse();
  });
  return { fetch: async (request) => app.fetch(request) };
}

function mount(app: Hono<ServiceEnv>, context: ServiceContext, operation: Operation): void {
  const path = operation.path.replaceAll(/[^/{}]+|\{(\w+)\}/g, (literal, name) =>
    name === undefined ? literal.toLowerCase() : `:${name}`,
  );
  for (const version of operation.versions) {
    app.on(operation.method, `/face/${version}${path}`, async (request: Context<ServiceEnv>) => {
      if (operation.caller === 'key' && !(await context.isApiKey(request.req.header('ocp-apim-subscription-key')))) {
        throw errors.invalidKey();
      }
      return operation.handle(request, version);
    });
  }
}

/** Gives every request an id, says it in the answer, and logs one line. */
function identify(context: ServiceContext): MiddlewareHandler<ServiceEnv> {
  return async (request, next) => {
    const requestId = crypto.randomUUID();
    const clientRequestId = (request.req.header(HEADERS.clientRequestId) ?? '').slice(0, 64);
    const startedAt = performance.now();
    request.set('request', { requestId, clientRequestId, receivedAt: context.now(), startedAt });
    await next();
    if (!request.res.headers.has(HEADERS.requestId)) request.res.headers.set(HEADERS.requestId, requestId);
    context.log({
      level: 'info',
      event: 'request',
      requestId,
      clientRequestId,
      sessionId: request.get('request').sessionId,
      method: request.req.method,
      path: request.req.path,
      status: request.res.status,
      milliseconds: Math.round(performance.now() - startedAt),
    });
  };
}

function drawDirections(mode: LivenessOperationMode): HeadTurn[] {
  if (mode === 'Passive') return [];
  const draws = crypto.getRandomValues(new Uint32Array(3));
  const directions: HeadTurn[] = [];
  for (const draw of draws) {
    // Never the same twice in a row: the person would not know that it is a new turn.
    const choices = HEAD_TURNS.filter((turn) => turn !== directions.at(-1));
    directions.push(choices[draw % choices.length] ?? HEAD_TURNS[0]);
  }
  return directions;
}
