/** A session that is deleted while it is being read is gone: no document says that it has not come so far. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sessionDocument as previewDocument } from '../../demo/server/service/api/preview-documents.js';
import { sessionDocument as stableDocument } from '../../demo/server/service/api/v1-2-documents.js';
import type { ServiceContext } from '../../demo/server/service/context.js';
import type { Session } from '../../demo/server/service/session/sessions.js';
import { createClient, startedSession } from './client.js';
import { startService, type RunningService } from './harness.js';
import { submission } from './submission.js';

let service: RunningService;
let session: Session;
beforeEach(async () => {
  service = await startService('SQLite');
  const client = createClient(service.url);
  const { authToken } = await startedSession(client);
  await client.submit(authToken, submission());
  session = await service.database.selectFrom('session').selectAll().executeTakeFirstOrThrow();
});
afterEach(() => service.close());

it.each<[string, (context: ServiceContext) => Promise<unknown>]>([
  ['v1.2-preview.1', (context) => previewDocument(context, session, 'v1.2-preview.1')],
  ['v1.2', (context) => stableDocument(context, session)],
])('in %s', async (_, read) => {
  const { database } = service;
  const context = { database, now: Date.now } as ServiceContext;
  expect(await read(context)).toHaveProperty('status');
  await database.deleteFrom('session').execute();
  await expect(read(context)).rejects.toMatchObject({ status: 404, code: 'SessionNotFound' });
});
