/** What the operator asks the session service, and the demo's back end, with the key. Types as the API documents them. */
import { DEFAULT_API_VERSION, type LivenessResponseBody } from '../../src/protocol/wire.js';
import type { StoredReport } from '../shared/contract.js';

/** With or without a verify image: two lists of the same shape. */
export const KINDS = ['detectLiveness', 'detectLivenessWithVerify'] as const;
export type Kind = (typeof KINDS)[number];

/** "Face API v1.2-preview.1, Get Liveness Sessions". */
export interface SessionItem {
  kind: Kind;
  id: string;
  createdDateTime: string;
  sessionStartDateTime?: string;
  sessionExpired: boolean;
  deviceCorrelationId?: string;
  authTokenTimeToLiveInSeconds?: number;
}

export interface Session extends SessionItem {
  status: 'NotStarted' | 'Started' | 'ResultAvailable';
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
  result?: { livenessDecision?: string; digest: string } | null;
  error?: { code: string; message: string } | null;
}

/** Entries of one page of the audit. */
export const AUDIT_PAGE = 20;
const LIST_PAGE = 1000;
const MOST_LIST_PAGES = 5;
const DEADLINE_IN_MILLISECONDS = 15_000;

export class OperatorError extends Error {
  readonly status: number;

  /** @param status of the answer; 0 where there was none. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class Service {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /**
   * The API lists by session id, which says nothing of time; so everything is read, up to a limit, and sorted here.
   *
   * @returns newest first; `complete` is false where the limit left some out.
   */
  async listSessions(): Promise<{ sessions: SessionItem[]; complete: boolean }> {
    const lists = await Promise.all(KINDS.map((kind) => this.#listKind(kind)));
    const sessions = lists.flatMap((list) => list.sessions);
    sessions.sort((one, other) => other.createdDateTime.localeCompare(one.createdDateTime));
    return { sessions, complete: lists.every((list) => list.complete) };
  }

  async #listKind(kind: Kind): Promise<{ sessions: SessionItem[]; complete: boolean }> {
    const sessions: SessionItem[] = [];
    for (let page = 0; page < MOST_LIST_PAGES; page += 1) {
      const start = encodeURIComponent(sessions.at(-1)?.id ?? '');
      const items = await this.#jsonIfOffered<SessionItem[]>(`${base(kind)}?start=${start}&top=${LIST_PAGE}`, []);
      sessions.push(...items.map((item) => ({ ...item, kind })));
      if (items.length < LIST_PAGE) return { sessions, complete: true };
    }
    return { sessions, complete: false };
  }

  async getSession(kind: Kind, id: string): Promise<Session> {
    return { ...(await this.#json<Session>(`${base(kind)}/${id}`)), kind };
  }

  /** @param start id of the last entry of the page before; empty for the first page. */
  getAudit(kind: Kind, id: string, start: string): Promise<AuditEntry[]> {
    return this.#json(`${base(kind)}/${id}/audit?start=${start}&top=${AUDIT_PAGE}`);
  }

  async getAttempts(kind: Kind, id: string): Promise<Attempt[]> {
    const path = `/face/v1.2/${kind}-sessions/${id}`;
    const none = { results: { attempts: [] as Attempt[] } };
    return (await this.#jsonIfOffered(path, none)).results.attempts;
  }

  async getSessionImage(imageId: string): Promise<Blob> {
    const path = `/face/${DEFAULT_API_VERSION}/session/sessionImages/${imageId}`;
    return (await this.#request(path)).blob();
  }

  async deleteSession(kind: Kind, id: string): Promise<void> {
    await this.#request(`${base(kind)}/${id}`, 'DELETE');
  }

  getReports(): Promise<StoredReport[]> {
    return this.#json('/demo/api/reports');
  }

  async #json<Answer>(path: string): Promise<Answer> {
    return (await this.#request(path)).json() as Promise<Answer>;
  }

  /** @param otherwise is the answer of a service that does not offer the operation. */
  #jsonIfOffered<Answer>(path: string, otherwise: Answer): Promise<Answer> {
    return this.#json<Answer>(path).catch((error: unknown) => {
      if (error instanceof OperatorError && error.status === 404) return otherwise;
      throw error;
    });
  }

  async #request(path: string, method = 'GET'): Promise<Response> {
    const response = await fetch(path, {
      method,
      headers: { 'Ocp-Apim-Subscription-Key': this.#key },
      signal: AbortSignal.timeout(DEADLINE_IN_MILLISECONDS),
    }).catch(() => null);
    if (!response) throw new OperatorError(0, 'The service does not answer.');
    if (response.ok) return response;
    const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
    throw new OperatorError(response.status, body?.error?.message ?? `The service answered ${response.status}.`);
  }
}

function base(kind: Kind): string {
  return `/face/${DEFAULT_API_VERSION}/${kind}/singleModal/sessions`;
}
