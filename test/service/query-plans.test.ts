/** Lists and searches of sessions use an index: without one, they take seconds at a million sessions. */
import { CompiledQuery, Kysely } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tables } from '../../demo/server/database/schema.js';
import { sqliteDialect } from '../../demo/server/database/sqlite.js';
import type { ServiceContext } from '../../demo/server/service/context.js';
import { DEFAULT_LIMITS } from '../../demo/server/service/limits.js';
import { listSessions, searchSessions } from '../../demo/server/service/session/sessions.js';
import { startService, type RunningService } from './harness.js';

let service: RunningService;
let database: Kysely<Tables>;
const queries: CompiledQuery[] = [];
beforeAll(async () => {
  service = await startService('SQLite');
  const file = 'file' in service.location ? service.location.file : '';
  database = new Kysely<Tables>({ dialect: sqliteDialect(file), log: ({ query }) => void queries.push(query) });
});
afterAll(async () => {
  await database.destroy();
  await service.close();
});

/** @returns SQLite's query plan for each query that `ask` makes */
async function plans(ask: (context: ServiceContext) => Promise<unknown>): Promise<string[]> {
  queries.length = 0;
  await ask({ database, limits: DEFAULT_LIMITS, now: () => Date.now() } as ServiceContext);
  const explained = [];
  for (const { sql, parameters } of [...queries]) {
    const plan = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await database.executeQuery<{ detail: string }>(plan);
    explained.push(rows.map(({ detail }) => detail).join('; '));
  }
  return explained;
}

it.each([true, false])('listSessions uses the index session_by_kind, with verify: %s', async (withVerify) => {
  const start = '80000000';
  expect(await plans((context) => listSessions(context, { withVerify, start, top: 10 }))).toEqual([
    'SEARCH session USING INDEX session_by_kind (with_verify=? AND id>?)',
  ]);
});

it('searchSessions without a search uses the index session_created_at', async () => {
  const [plan] = await plans((context) => searchSessions(context, { search: '', top: 10 }));
  expect(plan).toContain('SEARCH session USING INDEX session_created_at (created_at>?)');
});

it('searchSessions uses the index of ids and the index session_by_device', async () => {
  const [byId, byDevice] = await plans((context) => searchSessions(context, { search: 'b12e033e', top: 10 }));
  expect(byId).toContain('SEARCH session USING INDEX sqlite_autoindex_session_1 (id>? AND id<?)');
  expect(byDevice).toContain('SEARCH session USING INDEX session_by_device (device_correlation_id=? AND created_at>?)');
});
