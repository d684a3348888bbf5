/** The calls that a back end and a device make to a running service, with unprocessed answers. */
import { randomUUID } from 'node:crypto';
import { form } from './submission.js';

export const API_KEY = 'a-key-for-the-tests-alone';

export const SESSIONS = '/detectLiveness/singleModal/sessions';

export interface CreatedSession {
  sessionId: string;
  authToken: string;
}

export interface AuditEntry {
  id: number;
  requestId: string;
  clientRequestId: string;
  digest: string;
  request: { url: string; contentType: string };
  response: { statusCode: number; body: Record<string, unknown> };
  sessionImageId?: string;
  verifyImageHash?: string;
}

export function createClient(url: string, version = 'v1.2-preview.1', key = API_KEY) {
  const base = `${url}/face/${version}`;
  const withKey = { 'ocp-apim-subscription-key': key };
  const manage = (path: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, { ...init, headers: { ...withKey, ...init.headers } });
  const parameters = (content: Record<string, unknown>) =>
    JSON.stringify({ livenessOperationMode: 'Passive', deviceCorrelationId: randomUUID(), ...content });
  return {
    base,
    withKey,
    sessions: base + SESSIONS,
    manage,

    create: (content: Record<string, unknown> = {}, kind = 'detectLiveness') =>
      manage(`/${kind}/singleModal/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: parameters(content),
      }),

    /** Creates a session with this verify image. */
    createWithVerify(image: Uint8Array, content: Record<string, unknown> = {}) {
      const { bytes, contentType } = form([
        { name: 'Parameters', body: parameters(content) },
        { name: 'VerifyImage', fileName: 'verify', body: image },
      ]);
      const headers = { 'content-type': contentType };
      return manage('/detectLivenessWithVerify/singleModal/sessions', { method: 'POST', headers, body: bytes });
    },

    async audit(sessionId: string, query = '', kind = 'detectLiveness'): Promise<AuditEntry[]> {
      const response = await manage(`/${kind}/singleModal/sessions/${sessionId}/audit${query}`);
      if (response.status !== 200) throw new Error(`The audit was refused: ${await response.text()}`);
      return (await response.json()) as AuditEntry[];
    },

    start: (token: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      post(`${base}/session/start`, token, body, headers),
    end: (token: string, body: unknown) => post(`${base}/session/attempt/end`, token, body),

    submit: (token: string, body: Submission, headers: Record<string, string> = {}, kind = 'detectLiveness') =>
      fetch(`${base}/${kind}/singleModal`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': body.contentType,
          'client-request-id': randomUUID(),
          ...headers,
        },
        body: body.bytes,
      }),
  };
}
export type Client = ReturnType<typeof createClient>;

function post(url: string, token: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

export async function createdSession(
  client: Client,
  content: Record<string, unknown> = {},
  kind?: string,
): Promise<CreatedSession> {
  const response = await client.create(content, kind);
  if (response.status !== 200) throw new Error(`The session was refused: ${await response.text()}`);
  return (await response.json()) as CreatedSession;
}

/** Creates a session and opens its first attempt. */
export async function startedSession(
  client: Client,
  content: Record<string, unknown> = {},
  kind?: string,
): Promise<CreatedSession> {
  const session = await createdSession(client, content, kind);
  const response = await client.start(session.authToken);
  if (response.status !== 200) throw new Error(`The attempt was refused: ${await response.text()}`);
  return session;
}

export interface Submission {
  contentType: string;
  bytes: Uint8Array<ArrayBuffer>;
}
