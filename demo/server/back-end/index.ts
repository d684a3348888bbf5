/**
 * The demo's back end, as an integrator would write it: only the back end holds the key, and only it decides. The page
 * gets a token from it and returns the element's result; everything else is between the back end and the session
 * service.
 */
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { LIVENESS_OPERATION_MODES } from '../../../src/protocol/wire.js';
import type { Log } from '../service/context.js';
import type { ErrorAnswer, Outcome, SessionAnswer, StoredReport } from '../../common/contract.js';
import { judgeReport } from './outcome.js';
import { createServiceClient, ServiceCallError, type ServiceClientOptions } from './service-client.js';
import { TOKEN_SECONDS, Visitors } from './visitors.js';

const sessionRequest = z.object({
  livenessOperationMode: z.enum(LIVENESS_OPERATION_MODES),
  sendResultsToClient: z.boolean(),
  enableSessionImage: z.boolean(),
});

const resultReport = z.object({
  sessionId: z.uuid(),
  attemptId: z.int().min(1),
  resultId: z.uuid(),
  clientRequestId: z.uuid(),
  digest: z.string().regex(/^[0-9A-F]{64}$/),
});

/** Another application on this host may have set a cookie of the same name. */
const visitorId = z.uuid();

const VISITOR_COOKIE = 'visitor';

/**
 * @param isSecure whether visitors reach the back end by HTTPS
 * @returns an app to be mounted at `/demo/api`
 */
export function createBackEnd({
  isSecure,
  log,
  ...options
}: ServiceClientOptions & { isSecure: boolean; log: Log }): Hono {
  const service = createServiceClient(options);
  const visitors = new Visitors();
  const app = new Hono();
  const refuse = (code: string, message: string): ErrorAnswer => ({ error: { code, message } });

  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  app.use(bodyLimit({ maxSize: 4096, onError: (c) => c.json(refuse('TooLarge', 'The request is too large.'), 413) }));

  app.post('/sessions', async (c) => {
    const wanted = sessionRequest.safeParse(await c.req.json().catch(() => null));
    if (!wanted.success) return c.json(refuse('BadRequest', z.prettifyError(wanted.error)), 400);
    // The cookie gives a device a lasting id, by which the service limits attempts. The page never sees it.
    const visitor = visitorId.safeParse(getCookie(c, VISITOR_COOKIE)).data ?? randomUUID();
    const entered = await visitors.enter(visitor, () =>
      service.createSession({
        ...wanted.data,
        deviceCorrelationId: visitor,
        authTokenTimeToLiveInSeconds: TOKEN_SECONDS,
      }),
    );
    if (typeof entered === 'number') {
      c.header('Retry-After', String(entered));
      return c.json(refuse('TooManyVisitors', 'Too many visitors are here now. Please try again later.'), 429);
    }
    setCookie(c, VISITOR_COOKIE, visitor, {
      httpOnly: true,
      sameSite: 'Strict',
      secure: isSecure,
      // Sends no Path attribute: the browser then takes the folder of the URL it requested, even if a proxy strips a
      // prefix.
      path: '',
    });
    return c.json({ sessionId: entered.sessionId, token: entered.authToken } satisfies SessionAnswer);
  });

  app.post('/results', async (c) => {
    const report = resultReport.safeParse(await c.req.json().catch(() => null));
    if (!report.success) return c.json(refuse('BadRequest', z.prettifyError(report.error)), 400);
    const { sessionId, resultId } = report.data;
    if (!visitors.owns(getCookie(c, VISITOR_COOKIE), sessionId)) {
      return c.json(refuse('UnknownSession', 'This visitor has no such session.'), 404);
    }
    const [session, audit] = await Promise.all([service.getSession(sessionId), service.getAudit(sessionId)]);
    const isAudited = audit.some(({ requestId }) => requestId === resultId);
    const counted = visitors.firstReport(report.data);
    const outcome: Outcome = judgeReport(counted, session, audit);
    visitors.report({ ...counted, reportedDateTime: new Date().toISOString(), verdict: outcome.verdict }, isAudited);
    return c.json(outcome);
  });

  app.get('/reports', async (c) => {
    await service.checkKey(c.req.header('Ocp-Apim-Subscription-Key') ?? '');
    return c.json(visitors.reports() satisfies StoredReport[]);
  });

  app.onError((error, c) => {
    if (!(error instanceof ServiceCallError)) {
      log({ level: 'error', event: 'back-end-failed', error: error.stack ?? String(error) });
      return c.json(refuse('Unexpected', 'The back end failed.'), 500);
    }
    c.header('Retry-After', error.headers.get('retry-after') ?? undefined);
    // If the service refuses our own key, that is not the visitor's fault, so answer 502. Only /reports passes on the
    // caller's key.
    const ours = error.status === 401 && !c.req.path.endsWith('/reports');
    const status = ours ? 502 : error.status;
    if (status === 401) c.header('WWW-Authenticate', error.headers.get('www-authenticate') ?? undefined);
    return c.json(refuse(error.code, error.message), status as ContentfulStatusCode);
  });
  return app;
}
