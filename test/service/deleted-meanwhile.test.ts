/** A session that is deleted while it is read or judged: it counts as gone, and not as a failure. */
import { afterEach, expect, it } from 'vitest';
import type { FrameFacts } from '../../demo/server/judge/default/analysis.js';
import { rememberAndFindSeen } from '../../demo/server/judge/default/memory.js';
import type { Judge } from '../../demo/server/judge/judge.js';
import { noJudge } from '../../demo/server/judge/none.js';
import { sessionDocument as previewDocument } from '../../demo/server/service/api/preview-documents.js';
import { sessionDocument as stableDocument } from '../../demo/server/service/api/v1-2-documents.js';
import type { ServiceContext } from '../../demo/server/service/context.js';
import type { Session } from '../../demo/server/service/session/sessions.js';
import { BACKENDS } from './backends.js';
import { createClient, startedSession } from './client.js';
import { startService, type RunningService } from './harness.js';
import { submission } from './submission.js';

let service: RunningService;
afterEach(() => service.close());

it.each<[string, (context: ServiceContext, session: Session) => Promise<unknown>]>([
  ['v1.2-preview.1', (context, session) => previewDocument(context, session, 'v1.2-preview.1')],
  ['v1.2', stableDocument],
])('reading a session in %s throws 404 SessionNotFound when it was deleted meanwhile', async (_, read) => {
  service = await startService('SQLite');
  const { database } = service;
  const client = createClient(service.url);
  const { authToken } = await startedSession(client);
  await client.submit(authToken, submission());
  const session = await database.selectFrom('session').selectAll().executeTakeFirstOrThrow();
  const context = { database, now: Date.now } as ServiceContext;
  expect(await read(context, session)).toHaveProperty('status');
  await database.deleteFrom('session').execute();
  await expect(read(context, session)).rejects.toMatchObject({ status: 404, code: 'SessionNotFound' });
});

it.each(BACKENDS)(
  'a session deleted while it is judged gets 404, and none of its frames is remembered, on %s',
  async (backend) => {
    const judge: Judge['judge'] = async (submitted, signal) => {
      await client.manage(`/detectLiveness/singleModal/sessions/${submitted.sessionId}`, { method: 'DELETE' });
      const fingerprint = { whole: '0'.repeat(64), face: '0'.repeat(64) };
      const frame = { fileName: 'frame-000.jpg', sha256: 'a', fingerprint } as FrameFacts;
      await rememberAndFindSeen(service.database, { sessionId: submitted.sessionId, attemptId: 1 }, [frame]);
      return noJudge.judge(submitted, signal);
    };
    service = await startService(backend, { judge: { judge } });
    const client = createClient(service.url);
    const { authToken } = await startedSession(client);
    const gone = await client.submit(authToken, submission());
    expect([gone.status, gone.headers.get('x-ms-error-code')]).toEqual([404, 'SessionNotFound']);
    expect(service.log.filter(({ level }) => level === 'error')).toEqual([]);
    expect(await service.database.selectFrom('seen_frame').selectAll().execute()).toEqual([]);
  },
);
