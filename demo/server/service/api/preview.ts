/** What a back end calls with its key, in the shape of Face API v1.1-preview.1 and v1.2-preview.1. */
import { auditDocument, findAuditEntry, listAuditEntries, type AuditEntryDocument } from '../session/audit.js';
import { parseJson, readBody } from '../body/read.js';
import type { ServiceContext } from '../context.js';
import { PREVIEW_VERSIONS, type Operation } from './operations.js';
import { readAuditStart, readListStart, readTop } from './paging.js';
import { createSessionContent, parse, type CreateSessionContent } from '../schemas/requests.js';
import {
  createSession,
  deleteSession,
  findSession,
  isTokenExpired,
  listSessions,
  type NewSession,
  type Session,
} from '../session/sessions.js';

const DEFAULT_TOKEN_LIFETIME_SECONDS = 600;

export function previewOperations(context: ServiceContext): Operation[] {
  return [
    {
      id: 'createLivenessSession',
      summary: 'Create a liveness session',
      caller: 'key',
      method: 'post',
      path: '/detectLiveness/singleModal/sessions',
      versions: PREVIEW_VERSIONS,
      request: { 'application/json': createSessionContent },
      responses: { 200: null },
      async handle(request, version) {
        const json = parseJson(await readBody(request.req.raw, context.limits.jsonBytes));
        const session = await createSession(context, newSession(parse(createSessionContent, json), version));
        return request.json({ sessionId: session.id, authToken: session.auth_token });
      },
    },
    {
      id: 'listLivenessSessions',
      summary: 'List liveness sessions',
      caller: 'key',
      method: 'get',
      path: '/detectLiveness/singleModal/sessions',
      versions: PREVIEW_VERSIONS,
      responses: { 200: null },
      async handle(request) {
        const page = { start: readListStart(request), top: readTop(request), withVerify: false };
        const sessions = await listSessions(context, page);
        return request.json(sessions.map((session) => sessionItem(session, context.now())));
      },
    },
    {
      id: 'getLivenessSessionResult',
      summary: 'Get a liveness session and its result',
      caller: 'key',
      method: 'get',
      path: '/detectLiveness/singleModal/sessions/{sessionId}',
      versions: PREVIEW_VERSIONS,
      responses: { 200: null },
      async handle(request) {
        const session = await findSession(context, request.req.param('sessionId') ?? '', false);
        return request.json({ ...sessionItem(session, context.now()), ...(await statusAndResult(context, session)) });
      },
    },
    {
      id: 'deleteLivenessSession',
      summary: 'Delete a liveness session and everything about it',
      caller: 'key',
      method: 'delete',
      path: '/detectLiveness/singleModal/sessions/{sessionId}',
      versions: PREVIEW_VERSIONS,
      responses: { 200: null },
      async handle(request) {
        await deleteSession(context, request.req.param('sessionId') ?? '', false);
        return new Response(null, { status: 200 });
      },
    },
    {
      id: 'getLivenessSessionAuditEntries',
      summary: 'List the audit entries of a liveness session',
      caller: 'key',
      method: 'get',
      path: '/detectLiveness/singleModal/sessions/{sessionId}/audit',
      versions: PREVIEW_VERSIONS,
      responses: { 200: null },
      async handle(request) {
        const page = { start: readAuditStart(request), top: readTop(request) };
        const session = await findSession(context, request.req.param('sessionId') ?? '', false);
        const entries = await listAuditEntries(context, { ...page, sessionId: session.id });
        return request.json(entries.map(auditDocument));
      },
    },
  ];
}

function newSession(content: CreateSessionContent, apiVersion: string): NewSession {
  return {
    apiVersion,
    withVerify: false,
    mode: content.livenessOperationMode,
    sendResultsToClient: content.sendResultsToClient ?? false,
    deviceCorrelationIdSetInClient: content.deviceCorrelationIdSetInClient ?? false,
    deviceCorrelationId: content.deviceCorrelationId ?? null,
    tokenLifetimeSeconds: content.authTokenTimeToLiveInSeconds ?? DEFAULT_TOKEN_LIFETIME_SECONDS,
    enableSessionImage: content.enableSessionImage ?? false,
    returnVerifyImageHash: false,
    verifyConfidenceThreshold: null,
  };
}

/** LivenessSessionItem. */
function sessionItem(session: Session, now: number) {
  return {
    id: session.id,
    createdDateTime: new Date(session.created_at).toISOString(),
    ...(session.started_at === null ? {} : { sessionStartDateTime: new Date(session.started_at).toISOString() }),
    sessionExpired: isTokenExpired(session, now),
    ...(session.device_correlation_id === null ? {} : { deviceCorrelationId: session.device_correlation_id }),
    authTokenTimeToLiveInSeconds: session.token_lifetime_seconds,
  };
}

/** What LivenessSession has beyond LivenessSessionItem: `result` is the newest audit entry that holds a decision. */
async function statusAndResult(
  { database }: ServiceContext,
  session: Session,
): Promise<{ status: 'NotStarted' | 'Started' | 'ResultAvailable'; result?: AuditEntryDocument }> {
  const entry =
    session.result_entry_id === null ? undefined : await findAuditEntry(database, session.id, session.result_entry_id);
  if (entry) return { status: 'ResultAvailable', result: auditDocument(entry) };
  return { status: session.started_at === null ? 'NotStarted' : 'Started' };
}
