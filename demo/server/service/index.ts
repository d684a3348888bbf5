/**
 * The session service: web-standard handlers over a database. `fetch(request) → response`, so that it runs on any
 * runtime; `../main.ts` runs it on Node.
 */
import { Hono } from 'hono';
import type { ActiveMotion, LivenessOperationMode } from '../../../src/protocol/wire.js';
import type { Database } from '../database/schema.js';
import { createTransact } from '../database/transact.js';
import type { Judge } from '../judge/judge.js';
import { noJudge } from '../judge/none.js';
import { createKeyCheck } from './access/api-keys.js';
import { createTokens } from './access/tokens.js';
import { clientOperations } from './api/client.js';
import { DOCS_HEADERS, docsPage } from './api/docs-page.js';
import { openApiDocument } from './api/open-api.js';
import { idIn, routesOf, type Operation } from './api/operations.js';
import { operatorOperations } from './api/operator.js';
import { previewOperations } from './api/preview.js';
import { stableOperations } from './api/v1-2.js';
import { createBodyMemory } from './body/memory.js';
import type { Log, ServiceContext, ServiceEnv, ServiceRequest } from './context.js';
import { errors } from './errors.js';
import { allowOrigins, answerError, identify, logFailure, notKept, refuseMethods } from './http.js';
import { requireDatabase, startOf } from './health.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { createLoggable } from './loggable.js';
import { createPurge } from './purge.js';
import { drawDirections } from './session/challenge.js';

export interface ServiceOptions {
  database: Database;
  /** Subscription keys, each of 16 characters or more. */
  apiKeys: readonly string[];
  /** Where clients reach the service: issuer and audience of the tokens. */
  publicUrl: string;
  /** Other origins whose pages may call the service. */
  allowedOrigins?: readonly string[];
  judge?: Judge;
  limits?: Partial<Limits>;
  /** Whether to ask for a smile too, somewhere among the head turns. */
  smile?: boolean;
  /**
   * Draws the motions of one attempt; by default, in active mode, three random head turns, and a smile if `smile` is
   * true.
   */
  drawDirections?: (mode: LivenessOperationMode) => ActiveMotion[];
  now?: () => number;
  log?: Log;
}

export interface Service {
  fetch(request: Request): Promise<Response>;
  /**
   * Deletes expired data, and logs the id of each deleted session. Every process should call this about once a minute.
   *
   * @param signal ends the purge early
   * @returns the number of sessions deleted
   */
  purge(signal?: AbortSignal): Promise<number>;
  /** Makes `/readyz` fail, so that no new requests are sent here; those that still arrive are answered. */
  drain(): void;
  /**
   * Stops waiting for the judge and refuses the calls that wait for it. Resolves when all requests are answered and
   * audited.
   */
  end(): Promise<void>;
}

export function createService(options: ServiceOptions): Service {
  const ending = new AbortController();
  const running = new Set<Promise<Response>>();
  // Paths are case-insensitive: the official clients write them in mixed case.
  const app = new Hono<ServiceEnv>({ getPath: (request) => new URL(request.url).pathname.toLowerCase() });
  const context = createContext(options, app, ending.signal);
  const operations = [
    ...clientOperations(context),
    ...previewOperations(context),
    ...stableOperations(context),
    ...operatorOperations(context),
  ];
  app.use(identify(context));
  app.use(refuseMethods(app));

  // Anyone may request these two documents, and each takes milliseconds to make, so they are made only once.
  let texts: ReturnType<typeof describe> | undefined;
  const described = () => (texts ??= describe(operations, options.publicUrl));
  app.get('/openapi.json', async ({ body }) => body((await described()).json, 200, JSON_HEADERS));
  app.get('/docs', async ({ body }) => body((await described()).page, 200, DOCS_HEADERS));
  app.get('/.well-known/jwks.json', async (request) => request.json(await context.tokens.keySet()));

  // The routes above return the same to everyone and may be cached.
  app.use(notKept);
  app.use('/face/*', allowOrigins(options.allowedOrigins ?? []));
  for (const operation of operations) mount(app, context, operation);

  let draining = false;
  const judgeStarted = startOf(context.judge);
  app.get('/healthz', (request) => request.text('ok'));
  app.get('/readyz', async (request) => {
    const asked = request.get('request');
    if (draining) asked.notReady = 'stopping';
    else if (!judgeStarted()) asked.notReady = 'judge';
    else
      await requireDatabase(context.database).catch((error: unknown) => {
        asked.notReady = 'database';
        logFailure(context, asked, error);
      });
    return request.text(asked.notReady ?? 'ready', asked.notReady ? 503 : 200);
  });

  app.notFound(() => errors.notFound().toResponse());
  app.onError(answerError(context));

  return {
    fetch(request) {
      const answer = Promise.resolve(app.fetch(request));
      const done = () => void running.delete(answer);
      running.add(answer);
      answer.then(done, done);
      return answer;
    },
    purge: createPurge(context),
    drain: () => {
      draining = true;
    },
    async end() {
      ending.abort(new Error('The service is stopping'));
      await Promise.allSettled(running);
    },
  };
}

const JSON_HEADERS = { 'content-type': 'application/json' };

async function describe(operations: readonly Operation[], url: string): Promise<{ json: string; page: string }> {
  const document = openApiDocument(operations, url);
  return { json: JSON.stringify(document), page: await docsPage(document) };
}

function createContext(options: ServiceOptions, app: Hono<ServiceEnv>, ending: AbortSignal): ServiceContext {
  const { database, publicUrl, now = Date.now, log = () => undefined } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return {
    database,
    transact: createTransact(database),
    tokens: createTokens(database, { publicUrl, now, log }),
    findApiKey: createKeyCheck(options.apiKeys),
    judge: options.judge ?? noJudge,
    ending,
    limits,
    bodyMemory: createBodyMemory(limits),
    drawDirections: options.drawDirections ?? ((mode) => drawDirections(mode, options.smile ?? false)),
    now,
    log,
    loggable: createLoggable(options.apiKeys, app),
  };
}

function mount(app: Hono<ServiceEnv>, context: ServiceContext, operation: Operation): void {
  for (const { path, version } of routesOf(operation)) {
    app.on(operation.method, routePattern(path), async (request: ServiceRequest) => {
      request.get('request').sessionId = idIn(request, 'sessionId') || undefined;
      if (operation.caller === 'key') {
        const key = context.findApiKey(request.req.header('ocp-apim-subscription-key'));
        if (!key) throw errors.invalidKey();
        request.get('request').key = key;
      }
      return operation.handle(request, version);
    });
  }
}

/** `/Sessions/{sessionId}` → `/sessions/:sessionId` */
function routePattern(path: string): string {
  return path.replaceAll(/\{(\w+)\}|[^{}]+/g, (part, name?: string) => (name ? `:${name}` : part.toLowerCase()));
}
