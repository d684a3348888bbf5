/** The calls a back end makes to the session service, with its key. */
import { DEFAULT_API_VERSION, type LivenessResponseBody } from '../../../src/protocol/wire.js';
import type { SessionRequest } from '../../common/contract.js';

const SESSIONS = `/face/${DEFAULT_API_VERSION}/detectLiveness/singleModal/sessions`;
const DEADLINE_MS = 10_000;

export interface ServiceClientOptions {
  /** Without a slash at the end. */
  serviceUrl: string;
  apiKey: string;
  fetch: typeof globalThis.fetch;
}

export interface CreateSession extends SessionRequest {
  deviceCorrelationId: string;
  authTokenTimeToLiveInSeconds: number;
}

/** Some of the fields documented in "Face API v1.2-preview.1, Get Liveness Session Audit Entries". */
export interface AuditEntry {
  id: number;
  requestId: string;
  clientRequestId: string;
  receivedDateTime: string;
  response: { statusCode: number; body: LivenessResponseBody };
  digest: string;
}

export interface Session {
  status: 'NotStarted' | 'Started' | 'ResultAvailable';
  /** The audit entry of the latest decided submission, if there is one. */
  result?: AuditEntry;
}

/** The service refused, or could not be reached. */
export class ServiceCallError extends Error {
  /** HTTP status; 502 if there was no answer. */
  readonly status: number;
  readonly code: string;
  /** The headers of the response. */
  readonly headers: Headers;

  constructor(status: number, code: string, message: string, headers = new Headers()) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function createServiceClient({ serviceUrl, apiKey, fetch }: ServiceClientOptions) {
  async function call<Answer>(path: string, init: RequestInit = {}, key = apiKey): Promise<Answer> {
    const headers = { ...init.headers, 'Ocp-Apim-Subscription-Key': key };
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(`${serviceUrl}${path}`, { ...init, headers, signal }).catch(() => null);
    if (!response) throw new ServiceCallError(502, 'ServiceUnreachable', 'The session service does not answer.');
    const body = (await response.json().catch(() => null)) as Answer & { error?: { code?: string; message?: string } };
    if (response.ok && body) return body;
    const { code = 'UnexpectedServerError', message = `The service answered ${response.status}.` } = body?.error ?? {};
    throw new ServiceCallError(response.status, code, message, response.headers);
  }

  return {
    createSession: (session: CreateSession) =>
      call<{ sessionId: string; authToken: string }>(SESSIONS, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(session),
      }),
    getSession: (id: string) => call<Session>(`${SESSIONS}/${encodeURIComponent(id)}`),
    getAudit: (id: string) => call<AuditEntry[]>(`${SESSIONS}/${encodeURIComponent(id)}/audit`),
    /** @throws ServiceCallError 401 if the service does not know `key`. */
    checkKey: (key: string) => call<unknown[]>(`${SESSIONS}?top=1`, {}, key),
  };
}
