/** What an integrator's back end asks of the service, with its key. */
import type { RunningServer } from './server.js';

export interface AuditEntry {
  id: number;
  requestId: string;
  clientRequestId: string;
  digest: string;
  request: { url: string };
  response: { statusCode: number; body: Record<string, unknown> };
}

export class BackEnd {
  readonly #server: RunningServer;

  constructor(server: RunningServer) {
    this.#server = server;
  }

  async createSession(fields: Record<string, unknown> = {}): Promise<{ sessionId: string; authToken: string }> {
    return (await this.#call('POST', '', {
      livenessOperationMode: 'Passive',
      deviceCorrelationId: crypto.randomUUID(),
      ...fields,
    })) as { sessionId: string; authToken: string };
  }

  /** One that compares faces; the picture to compare with is brought by the client. */
  async createSessionWithVerify(): Promise<{ sessionId: string; authToken: string }> {
    const wanted = { livenessOperationMode: 'Passive', deviceCorrelationId: crypto.randomUUID() };
    return (await this.#call('POST', '', wanted, 'detectLivenessWithVerify')) as {
      sessionId: string;
      authToken: string;
    };
  }

  async audit(sessionId: string): Promise<AuditEntry[]> {
    return (await this.#call('GET', `/${sessionId}/audit`)) as AuditEntry[];
  }

  async session(sessionId: string): Promise<{ status: string; result?: AuditEntry }> {
    return (await this.#call('GET', `/${sessionId}`)) as { status: string; result?: AuditEntry };
  }

  deleteSession(sessionId: string): Promise<unknown> {
    return this.#call('DELETE', `/${sessionId}`);
  }

  async #call(method: string, path: string, body?: object, family = 'detectLiveness'): Promise<unknown> {
    const response = await fetch(`${this.#server.url}/face/v1.2-preview.1/${family}/singleModal/sessions${path}`, {
      method,
      headers: { 'Ocp-Apim-Subscription-Key': this.#server.apiKey, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text ? JSON.parse(text) : null;
  }
}
