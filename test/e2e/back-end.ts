/** An integrator's back end: calls the service with its API key. */
import {
  type AuditEntry,
  type Client,
  type CreatedSession,
  createClient,
  createdSession,
  SESSIONS,
} from '../service/client.js';
import type { RunningServer } from './server.js';

export class BackEnd {
  readonly #client: Client;

  constructor({ url, apiKey }: RunningServer) {
    this.#client = createClient(url, undefined, apiKey);
  }

  createSession(fields: Record<string, unknown> = {}): Promise<CreatedSession> {
    return createdSession(this.#client, fields);
  }

  /** A session that also compares faces; the client sends the picture to compare with. */
  createSessionWithVerify(): Promise<CreatedSession> {
    return createdSession(this.#client, {}, 'detectLivenessWithVerify');
  }

  audit(sessionId: string): Promise<AuditEntry[]> {
    return this.#client.audit(sessionId);
  }

  async session(sessionId: string): Promise<{ status: string; result?: AuditEntry }> {
    const response = await this.#client.manage(`${SESSIONS}/${sessionId}`);
    if (!response.ok) throw new Error(`The session was not read: ${response.status} ${await response.text()}`);
    return (await response.json()) as { status: string; result?: AuditEntry };
  }

  async deleteSession(sessionId: string): Promise<void> {
    const response = await this.#client.manage(`${SESSIONS}/${sessionId}`, { method: 'DELETE' });
    if (!response.ok) throw new Error(`The session was not deleted: ${response.status} ${await response.text()}`);
  }
}
