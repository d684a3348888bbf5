/** What back end and device ask of a running service, with the answers as they came. */
import { randomUUID } from 'node:crypto';

export const API_KEY = 'a-key-for-the-tests-alone';

export interface CreatedSession {
  sessionId: string;
  authToken: string;
}

export function createClient(url: string, version = 'v1.2-preview.1') {
  const base = `${url}/face/${version}`;
  const withKey = { 'ocp-apim-subscription-key': API_KEY };
  const sessions = `${base}/detectLiveness/singleModal/sessions`;
  return {
    base,
    withKey,
    sessions,
    manage: (path: string, init: RequestInit = {}) =>
      fetch(`${base}${path}`, { ...init, headers: { ...withKey, ...init.headers } }),

    create: (content: Record<string, unknown> = {}) =>
      fetch(sessions, {
        method: 'POST',
        headers: { ...withKey, 'content-type': 'application/json' },
        body: JSON.stringify({ livenessOperationMode: 'Passive', deviceCorrelationId: randomUUID(), ...content }),
      }),

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

export async function createdSession(client: Client, content: Record<string, unknown> = {}): Promise<CreatedSession> {
  const response = await client.create(content);
  if (response.status !== 200) throw new Error(`The session was refused: ${await response.text()}`);
  return (await response.json()) as CreatedSession;
}

/** A session with its first attempt opened. */
export async function startedSession(client: Client, content: Record<string, unknown> = {}): Promise<CreatedSession> {
  const session = await createdSession(client, content);
  const response = await client.start(session.authToken);
  if (response.status !== 200) throw new Error(`The attempt was refused: ${await response.text()}`);
  return session;
}

export interface Submission {
  contentType: string;
  bytes: Uint8Array<ArrayBuffer>;
}
