/**
 * The operator page's calls to the session service and the demo's back end, all made with the service's key. The types
 * follow the documented API.
 */
import type { FaceRectangle } from '../../src/protocol/geometry.js';
import { DEFAULT_API_VERSION, type LivenessResponseBody } from '../../src/protocol/wire.js';
import type { StoredReport } from '../common/contract.js';

/** `GET /operator/api/sessions`. */
export interface SessionItem {
  id: string;
  createdDateTime: string;
  sessionStartDateTime?: string;
  sessionExpired: boolean;
  deviceCorrelationId?: string;
  authTokenTimeToLiveInSeconds?: number;
  withVerify: boolean;
  apiVersion: string;
  attemptsStarted: number;
}

/** "Face API v1.2-preview.1, Get Liveness Session Audit Entries". */
export interface AuditEntry {
  id: number;
  sessionId: string;
  requestId: string;
  clientRequestId: string;
  receivedDateTime: string;
  request: { url: string; method: string; contentLength?: number; contentType: string; userAgent?: string };
  response: { body: LivenessResponseBody; statusCode: number; latencyInMilliseconds: number };
  digest: string;
  sessionImageId?: string;
  verifyImageHash?: string;
}

/** "Face API v1.2, Get Liveness Session Result". */
export interface Attempt {
  attemptId: number;
  attemptStatus: string;
  result?: AttemptResult | null;
  error?: { code: string } | null;
}

export interface AttemptResult {
  livenessDecision?: string;
  digest?: string;
  verifyResult?: { isIdentical: boolean };
}

/** `GET /operator/api/sessions/{sessionId}/images`: a stored frame. */
export interface SessionImage {
  sessionImageId: string;
  attemptId: number;
  fileName: string;
  step: string;
  timeOffsetInMs: number;
  faceRectangle: FaceRectangle;
}

/** Maximum number of sessions in the list. */
export const LIST_LENGTH = 200;
/** Audit entries per request: each may contain the evidence of every frame. */
const AUDIT_PAGE = 20;
const DEADLINE_MS = 15_000;

export class OperatorError extends Error {
  readonly status: number;

  /** @param status HTTP status of the response; 0 if there was none */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class Service {
  readonly #key: string;
  /** False once the service has said that it serves no demo: from then on, reports are not requested. */
  #hasDemo = true;

  constructor(key: string) {
    this.#key = key;
  }

  /** @param search start of a session id, or a whole device correlation id @returns sessions, newest first */
  findSessions(search: string): Promise<SessionItem[]> {
    return this.#json(`operator/api/sessions?search=${encodeURIComponent(search)}&top=${LIST_LENGTH}`);
  }

  /** @returns all entries, in the service's order */
  async getAudit({ id, withVerify }: SessionItem): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    let page: AuditEntry[];
    do {
      const start = entries.at(-1)?.id ?? '';
      page = await this.#json(`${previewPath(withVerify)}/${id}/audit?start=${start}&top=${AUDIT_PAGE}`);
      entries.push(...page);
    } while (page.length === AUDIT_PAGE);
    return entries;
  }

  /** @returns the attempts, newest first */
  async getAttempts({ id, withVerify }: SessionItem): Promise<Attempt[]> {
    const path = `face/v1.2/detectLiveness${withVerify ? 'WithVerify' : ''}-sessions/${id}`;
    return (await this.#json<{ results: { attempts: Attempt[] } }>(path)).results.attempts;
  }

  getImages({ id }: SessionItem): Promise<SessionImage[]> {
    return this.#json(`operator/api/sessions/${id}/images`);
  }

  async getImage(imageId: string): Promise<Blob> {
    return (await this.#request(`face/${DEFAULT_API_VERSION}/session/sessionImages/${imageId}`)).blob();
  }

  async deleteSession({ id, withVerify }: SessionItem): Promise<void> {
    await this.#request(`${previewPath(withVerify)}/${id}`, 'DELETE');
  }

  /** @returns null if the service has no demo: pages then report to another back end, which this page cannot ask */
  async getReports(): Promise<StoredReport[] | null> {
    if (!this.#hasDemo) return null;
    // A service without the demo answers 204. An older service, or a proxy that passes on only the service's paths,
    // answers 404.
    const response = await this.#request('demo/api/reports').catch((error: unknown) => {
      if (!(error instanceof OperatorError) || error.status !== 404) throw error;
    });
    if (response && response.status !== 204) return response.json() as Promise<StoredReport[]>;
    this.#hasDemo = false;
    return null;
  }

  async #json<Answer>(path: string): Promise<Answer> {
    return (await this.#request(path)).json() as Promise<Answer>;
  }

  /** @param path relative to this page, since the service may be under a path prefix */
  async #request(path: string, method = 'GET'): Promise<Response> {
    const response = await fetch(path, {
      method,
      headers: { 'Ocp-Apim-Subscription-Key': this.#key },
      signal: AbortSignal.timeout(DEADLINE_MS),
    }).catch(() => null);
    if (!response) throw new OperatorError(0, 'The service does not answer.');
    if (response.ok) return response;
    const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
    throw new OperatorError(response.status, body?.error?.message ?? `The service answered ${response.status}.`);
  }
}

function previewPath(withVerify: boolean): string {
  return `face/${DEFAULT_API_VERSION}/detectLiveness${withVerify ? 'WithVerify' : ''}/singleModal/sessions`;
}
