/** Converts database rows to the documents of v1.1-preview.1 and v1.2-preview.1. */
import type { ServiceContext } from '../context.js';
import { errors } from '../errors.js';
import type { LivenessSession, LivenessSessionAuditEntry, LivenessSessionItem } from '../schemas/preview-models.js';
import { findAuditEntry, type AuditEntry } from '../session/audit.js';
import { tokenExpiresAt, type Session } from '../session/sessions.js';
import type { ApiVersion } from './operations.js';

export function auditDocument(entry: AuditEntry, version: ApiVersion): LivenessSessionAuditEntry {
  const hasImages = version !== 'v1.1-preview.1';
  return {
    id: entry.id,
    sessionId: entry.session_id,
    requestId: entry.request_id,
    clientRequestId: entry.client_request_id,
    receivedDateTime: new Date(entry.received_at).toISOString(),
    request: {
      url: entry.url,
      method: entry.method,
      contentLength: entry.content_length,
      contentType: entry.content_type,
      userAgent: entry.user_agent,
    },
    response: {
      body: JSON.parse(entry.response_body) as LivenessSessionAuditEntry['response']['body'],
      statusCode: entry.status_code,
      latencyInMilliseconds: entry.latency_ms,
    },
    digest: entry.digest,
    sessionImageId: (hasImages && entry.session_image_id) || undefined,
    verifyImageHash: (hasImages && entry.verify_image_hash) || undefined,
  };
}

export function sessionItem(session: Session, now: number): LivenessSessionItem {
  return {
    id: session.id,
    createdDateTime: new Date(session.created_at).toISOString(),
    sessionStartDateTime: session.started_at === null ? undefined : new Date(session.started_at).toISOString(),
    sessionExpired: now >= tokenExpiresAt(session),
    deviceCorrelationId: session.device_correlation_id ?? undefined,
    authTokenTimeToLiveInSeconds: session.token_lifetime_seconds,
  };
}

/** `result` is the newest audit entry that holds a decision. @throws 404 if the session was deleted since it was read */
export async function sessionDocument(
  { database, now }: ServiceContext,
  session: Session,
  version: ApiVersion,
): Promise<LivenessSession> {
  const item = sessionItem(session, now());
  if (session.result_entry_id === null) {
    return { ...item, status: session.started_at === null ? 'NotStarted' : 'Started' };
  }
  const entry = await findAuditEntry(database, session.id, session.result_entry_id);
  if (!entry) throw errors.sessionNotFound();
  return { ...item, status: 'ResultAvailable', result: auditDocument(entry, version) };
}
