/** One running service over real HTTP and a real database file, and the client of it that the tests are written with. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase, type DatabaseLocation } from '../../demo/server/database/open.js';
import type { Database } from '../../demo/server/database/schema.js';
import type { LogLine } from '../../demo/server/service/context.js';
import { createService, type Service, type ServiceOptions } from '../../demo/server/service/index.js';

export const API_KEY = 'a-key-for-the-tests-alone';

export type Backend = 'SQLite' | 'PostgreSQL';

export interface TestDatabase {
  location: DatabaseLocation;
  remove(): Promise<void>;
}

/** An empty database that nobody else uses. */
export async function createTestDatabase(backend: Backend): Promise<TestDatabase> {
  if (backend === 'SQLite') {
    const directory = mkdtempSync(join(tmpdir(), 'service-'));
    const remove = async () => rmSync(directory, { recursive: true });
    return { location: { file: join(directory, 'test.db') }, remove };
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(inject('postgresUrl'));
  await inPostgres(`create database ${name}`);
  url.pathname = name;
  return { location: { url: url.href }, remove: () => inPostgres(`drop database ${name} with (force)`) };
}

async function inPostgres(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

export interface RunningService {
  url: string;
  service: Service;
  database: Database;
  location: DatabaseLocation;
  log: LogLine[];
  close(): Promise<void>;
}

/** @param shared a database another service uses too; without it, one of its own */
export async function startService(
  backend: Backend,
  options: Partial<ServiceOptions> = {},
  shared?: DatabaseLocation,
): Promise<RunningService> {
  const own = shared ? null : await createTestDatabase(backend);
  const location = shared ?? (own as TestDatabase).location;
  const database = await openDatabase(location);
  const log: LogLine[] = [];
  let service: Service | null = null;
  const server = createAdaptorServer({
    fetch: (request) => service?.fetch(request) ?? new Response(null, { status: 503 }),
  }) as Server;
  // As the real one: a busy test must not find its connection closed.
  server.keepAliveTimeout = 75_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await database.destroy();
    await own?.remove();
  };
  try {
    const logTo = (line: LogLine) => log.push(line);
    service = createService({ database, apiKeys: [API_KEY], publicUrl: url, log: logTo, ...options });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, service, database, location, log, close };
}

export interface CreatedSession {
  sessionId: string;
  authToken: string;
}

/** What back end and device do, with the answers as they came. */
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
