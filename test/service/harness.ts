/** Starts a service in this process, with real HTTP and a real database. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase, type DatabaseLocation } from '../../demo/server/database/open.js';
import type { Database } from '../../demo/server/database/schema.js';
import type { LogLine } from '../../demo/server/service/context.js';
import { createService, type Service, type ServiceOptions } from '../../demo/server/service/index.js';
import { listen } from '../listen.js';
import { API_KEY } from './client.js';

export type Backend = 'SQLite' | 'PostgreSQL';

export interface TestDatabase {
  location: DatabaseLocation;
  remove(): Promise<void>;
}

/** Creates an empty database for one test. */
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

/** @param shared database of another running service; without it, the service gets its own */
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
  // As in the real server, so that a slow test does not find its idle connection closed.
  server.keepAliveTimeout = 75_000;
  const url = `http://127.0.0.1:${await listen(server)}`;
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
