/** The limit on submissions per session, and that there is no way around it. */
import { describe, expect, it } from 'vitest';
import { noJudge } from '../../demo/server/judge/none.js';
import { BACKENDS } from './backends.js';
import { createClient, startedSession, type Submission } from './client.js';
import { startService } from './harness.js';
import { form, submission } from './submission.js';

describe.each(BACKENDS)('the limit submissionsPerSession on %s', (backend) => {
  it('counts refused submissions, and answers AttemptsExhausted beyond them', async () => {
    const limited = await startService(backend, { limits: { submissionsPerSession: 2 } });
    const limitedClient = createClient(limited.url);
    const { authToken } = await startedSession(limitedClient);
    const damaged = form([{ name: 'manifest', body: 'no manifest' }]);
    expect((await limitedClient.submit(authToken, damaged)).status).toBe(400);
    expect((await limitedClient.submit(authToken, damaged)).status).toBe(400);
    const refused = await limitedClient.submit(authToken, submission());
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: 'AttemptsExhausted' } });
    await limited.close();
  });

  it('repeats the answer to the last submission, and neither judges nor audits any beyond it', async () => {
    let judged = 0;
    const limited = await startService(backend, {
      limits: { submissionsPerSession: 2 },
      judge: { judge: (...given) => (judged++, noJudge.judge(...given)) },
    });
    const limitedClient = createClient(limited.url);
    const { sessionId, authToken } = await startedSession(limitedClient);
    const send = (body: Submission, id: string) => limitedClient.submit(authToken, body, { 'client-request-id': id });
    const damaged = form([{ name: 'manifest', body: 'no manifest' }]);
    const [last, another] = [submission(), submission(2)];
    expect((await send(damaged, 'first')).status).toBe(400);
    const first = await send(last, 'last');
    const repeated = await send(last, 'last');
    expect([first.status, repeated.status]).toEqual([204, 204]);
    expect(repeated.headers.get('apim-request-id')).toBe(first.headers.get('apim-request-id'));
    await limitedClient.start(authToken);
    for (const [body, id] of [
      [last, 'other'],
      [damaged, 'last'],
      [another, 'last'],
    ] as const) {
      expect((await send(body, id)).headers.get('x-ms-error-code')).toBe('AttemptsExhausted');
    }
    expect([judged, (await limitedClient.audit(sessionId)).length]).toEqual([1, 2]);
    await limited.close();
  });

  it('holds for concurrent submissions: two of four are processed and audited', async () => {
    const limited = await startService(backend, { limits: { submissionsPerSession: 2 } });
    const limitedClient = createClient(limited.url);
    const { sessionId, authToken } = await startedSession(limitedClient);
    const damaged = form([{ name: 'manifest', body: 'no manifest' }]);
    const answers = await Promise.all([1, 2, 3, 4].map(() => limitedClient.submit(authToken, damaged)));
    expect(answers.map(({ status }) => status).sort()).toEqual([400, 400, 403, 403]);
    expect(await limitedClient.audit(sessionId)).toHaveLength(2);
    await limited.close();
  });
});
