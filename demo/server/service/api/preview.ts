/** The operations a back end calls with its key, in the form of Face API v1.1-preview.1 and v1.2-preview.1. */
import { z } from 'zod';
import type { ServiceContext } from '../context.js';
import { createSessionRequests } from '../schemas/create-session.js';
import * as models from '../schemas/preview-models.js';
import { listAuditEntries } from '../session/audit.js';
import { deleteSession, findSession, listSessions } from '../session/sessions.js';
import { createFromRequest } from './create-session.js';
import { PREVIEW_VERSIONS, idIn, type Operation } from './operations.js';
import { auditQuery, listQuery, readAuditStart, readListStart, readTop } from './paging.js';
import { auditDocument, sessionDocument, sessionItem } from './preview-documents.js';
import { sessionImageOperation } from './session-image.js';

export function previewOperations(context: ServiceContext): Operation[] {
  return [
    ...sessionOperations(context, false),
    ...sessionOperations(context, true),
    sessionImageOperation(context, 'v1.2-preview.1', '/session/sessionImages'),
  ];
}

/** Sessions with and without verify have the same operations, under different paths. */
function sessionOperations(context: ServiceContext, withVerify: boolean): Operation[] {
  const path = `/${withVerify ? 'detectLivenessWithVerify' : 'detectLiveness'}/singleModal/sessions`;
  const name = withVerify ? 'LivenessWithVerifySession' : 'LivenessSession';
  const words = withVerify ? 'liveness session with verify' : 'liveness session';
  const plural = withVerify ? 'liveness sessions with verify' : 'liveness sessions';
  const common = { caller: 'key', versions: PREVIEW_VERSIONS } as const;
  return [
    {
      ...common,
      id: `create${name}`,
      summary: `Create a ${words}`,
      method: 'post',
      path,
      request: (version) => createSessionRequests(version, withVerify, context.limits),
      responses: {
        200: withVerify ? models.createLivenessWithVerifySessionResult : models.createLivenessSessionResult,
      },
      async handle(request, version) {
        const { session, verifyImage } = await createFromRequest(context, request, { version, withVerify });
        const answer: models.CreateLivenessWithVerifySessionResult = {
          sessionId: session.id,
          authToken: session.auth_token,
          verifyImage: verifyImage?.face ?? undefined,
        };
        return request.json(answer);
      },
    },
    {
      ...common,
      id: `list${name}s`,
      summary: `List ${plural}, in ascending order of id`,
      method: 'get',
      path,
      query: listQuery,
      responses: { 200: z.array(models.livenessSessionItem) },
      async handle(request) {
        const page = { start: readListStart(request), top: readTop(request), withVerify };
        const sessions = await listSessions(context, page);
        request.get('request').sessions = sessions.length;
        return request.json(sessions.map((session) => sessionItem(session, context.now())));
      },
    },
    {
      ...common,
      id: `get${name}Result`,
      summary: `Get a ${words} and its result`,
      method: 'get',
      path: `${path}/{sessionId}`,
      responses: { 200: models.livenessSession },
      async handle(request, version) {
        const session = await findSession(context, idIn(request, 'sessionId'), withVerify);
        return request.json(await sessionDocument(context, session, version));
      },
    },
    {
      ...common,
      id: `delete${name}`,
      summary: `Delete a ${words} and everything about it`,
      method: 'delete',
      path: `${path}/{sessionId}`,
      responses: { 200: null },
      async handle(request) {
        await deleteSession(context, idIn(request, 'sessionId'), withVerify);
        return new Response(null, { status: 200 });
      },
    },
    {
      ...common,
      id: `get${name}AuditEntries`,
      summary: `List the audit entries of a ${words}, oldest first`,
      method: 'get',
      path: `${path}/{sessionId}/audit`,
      query: auditQuery,
      responses: { 200: z.array(models.livenessSessionAuditEntry) },
      async handle(request, version) {
        const page = { start: readAuditStart(request), top: readTop(request) };
        const session = await findSession(context, idIn(request, 'sessionId'), withVerify);
        const entries = await listAuditEntries(context, { ...page, sessionId: session.id });
        return request.json(entries.map((entry) => auditDocument(entry, version)));
      },
    },
  ];
}
