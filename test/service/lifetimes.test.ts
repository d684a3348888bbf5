/** How long tokens, sessions, their pictures and the counts of a device's requests live. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Tables } from '../../demo/server/database/schema.js';
import { noJudge } from '../../demo/server/judge/none.js';
import { sha256Hex } from '../sha256-hex.js';
import { BACKENDS } from './backends.js';
import { SESSIONS, createClient, createdSession, startedSession, type Client, type CreatedSession } from './client.js';
import { startService, type RunningService } from './harness.js';
import { form, jpegOf, manifest, submission, submissionParts } from './submission.js';

const HOUR = 3_600_000;

describe.each(BACKENDS)('on %s', (backend) => {
  let service: RunningService;
  let client: Client;
  let now = Date.now();
  const judge = vi.fn(noJudge.judge);
  beforeAll(async () => {
    service = await startService(backend, { now: () => now, judge: { judge } });
    client = createClient(service.url);
  });
  afterAll(() => service.close());

  const read = async ({ sessionId }: CreatedSession) => {
    const response = await client.manage(`${SESSIONS}/${sessionId}`);
    return (await response.json()) as { sessionExpired: boolean; status: string };
  };
  const stable = async ({ sessionId }: CreatedSession) => {
    const response = await createClient(service.url, 'v1.2').manage(`/detectLiveness-sessions/${sessionId}`);
    return (await response.json()) as { status: string };
  };
  const deadlines = async ({ sessionId }: CreatedSession) => {
    const attempts = service.database.selectFrom('attempt').where('session_id', '=', sessionId);
    return (await attempts.select('deadline_at').execute()).map(({ deadline_at }) => deadline_at);
  };
  const count = async (table: keyof Tables) => {
    const query = service.database.selectFrom(table).select((row) => row.fn.countAll<number>().as('rows'));
    return Number((await query.executeTakeFirstOrThrow()).rows);
  };

  it('a session expires when its token does, and can still be read', async () => {
    const session = await startedSession(client, { authTokenTimeToLiveInSeconds: '60' });
    expect((await client.submit(session.authToken, submission())).status).toBe(204);
    expect(await read(session)).toMatchObject({ sessionExpired: false, authTokenTimeToLiveInSeconds: 60 });
    now += 60_000;
    expect(await read(session)).toMatchObject({ sessionExpired: true, status: 'ResultAvailable' });
    expect((await client.start(session.authToken)).status).toBe(401);
  });

  it('a session created at the end of a second expires in the same millisecond as its token and its attempt', async () => {
    now = Math.ceil(now / 1000) * 1000 + 999;
    const session = await createdSession(client, { authTokenTimeToLiveInSeconds: 60 });
    const started = await client.start(session.authToken);
    expect(await started.json()).toMatchObject({ limits: { seconds: 59 } });
    now += 59_000;
    expect(await read(session)).toMatchObject({ sessionExpired: false });
    expect((await client.submit(session.authToken, submission())).status).toBe(204);
    now += 1;
    expect(await deadlines(session)).toEqual([now]);
    expect(await read(session)).toMatchObject({ sessionExpired: true });
    expect((await client.start(session.authToken)).headers.get('x-ms-error-code')).toBe('TokenExpired');
  });

  it('a start, even a repeated one, gets TokenExpired when its attempt would have less than a second', async () => {
    now = Math.ceil(now / 1000) * 1000;
    const { authToken } = await createdSession(client, { authTokenTimeToLiveInSeconds: 60 });
    const started = async () => {
      const answer = await client.start(authToken, {}, { 'client-request-id': 'again' });
      const { limits } = (await answer.json()) as { limits?: { seconds: number } };
      return limits?.seconds ?? [answer.status, answer.headers.get('x-ms-error-code')];
    };
    now += 59_000;
    expect(await started()).toBe(1);
    expect(await started()).toBe(1);
    now += 1;
    expect(await started()).toEqual([401, 'TokenExpired']);
  });

  it('a start opens no attempt when its token expires before its body arrives', async () => {
    const { sessionId, authToken } = await createdSession(client, { authTokenTimeToLiveInSeconds: 60 });
    // The service pulls the body only after it has accepted the token.
    const pull = (body: ReadableStreamDefaultController): void => {
      now += 60_000;
      body.enqueue(Buffer.from('{}'));
      body.close();
    };
    const request = new Request(`${client.base}/session/start`, {
      method: 'POST',
      headers: { authorization: `Bearer ${authToken}` },
      body: new ReadableStream({ pull }, { highWaterMark: 0 }),
      duplex: 'half',
    } as RequestInit);
    const answer = await service.service.fetch(request);
    expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([401, 'TokenExpired']);
    expect(await read({ sessionId, authToken })).toMatchObject({ status: 'NotStarted' });
  });

  it('an attempt takes no submission when its time is over, and is Failed with AttemptExpired 30 s later', async () => {
    const session = await startedSession(client);
    now += 300_000;
    expect((await client.submit(session.authToken, submission())).status).toBe(409);
    expect(await stable(session), 'what came in time may still be judged').toMatchObject({ status: 'Running' });
    now += 30_000;
    const error = {
      code: 'AttemptExpired',
      message: expect.any(String) as string,
      targets: expect.any(Object) as object,
    };
    expect(await stable(session)).toMatchObject({
      status: 'Failed',
      results: { attempts: [{ attemptId: 1, attemptStatus: 'Failed', error }] },
    });
  });

  it('an expired attempt stays Failed with AttemptExpired after a later start or end', async () => {
    const session = await startedSession(client, { authTokenTimeToLiveInSeconds: 3600 });
    const overdue = (attemptId: number) => ({ attemptId, attemptStatus: 'Failed', error: { code: 'AttemptExpired' } });
    now += 326_000;
    await client.start(session.authToken);
    expect(await stable(session)).toMatchObject({ results: { attempts: [{ attemptStatus: 'Running' }, overdue(1)] } });
    now += 326_000;
    const ended = await client.end(session.authToken, { attemptId: 2, reason: 'UserCanceledSession' });
    expect(ended.status).toBe(204);
    expect(await stable(session)).toMatchObject({ results: { attempts: [overdue(2), overdue(1)] } });
    const rows = await service.database
      .selectFrom('attempt')
      .select(['ended_at', 'deadline_at'])
      .where('session_id', '=', session.sessionId)
      .execute();
    expect(rows.map(({ ended_at }) => ended_at)).toEqual(rows.map(({ deadline_at }) => deadline_at));
  });

  it('a repeated start gets the same attempt until its time is over, then another', async () => {
    const { authToken } = await createdSession(client);
    const started = async () => {
      const answer = await client.start(authToken, {}, { 'client-request-id': 'again' });
      const { attemptId, limits } = (await answer.json()) as { attemptId: number; limits: { seconds: number } };
      return [attemptId, limits.seconds];
    };
    expect(await started()).toEqual([1, 300]);
    now += 299_000;
    expect(await started()).toEqual([1, 1]);
    now += 1;
    expect(await started()).toEqual([2, 300]);
  });

  it.each([
    [20_000, 'Running'],
    [60_000, 'Failed'],
  ])(
    'a submission that arrives in time is decided, though the judge answers %i ms later and its attempt is %s meanwhile',
    async (ms, status) => {
      const slow = await startService(
        backend,
        {
          now: () => now,
          judge: {
            judge: async (given, signal) => {
              now += ms;
              expect(await stable(session), 'while the judge looks at it').toMatchObject({ status });
              return noJudge.judge(given, signal);
            },
          },
        },
        service.location,
      );
      const session = await startedSession(createClient(slow.url));
      now += 290_000;
      expect((await createClient(slow.url).submit(session.authToken, submission())).status).toBe(204);
      expect(await read(session)).toMatchObject({ status: 'ResultAvailable' });
      expect(await stable(session)).toMatchObject({ status: 'Succeeded' });
      await slow.close();
    },
  );

  it('a service that ends answers 503 JudgeUnavailable instead of waiting, and the attempt stays open', async () => {
    const judge = { judge: vi.fn(() => new Promise<never>(() => undefined)) };
    const stopped = await startService(backend, { now: () => now, publicUrl: service.url, judge }, service.location);
    const session = await startedSession(createClient(stopped.url));
    const submitted = createClient(stopped.url).submit(session.authToken, submission());
    await vi.waitFor(() => expect(judge.judge).toHaveBeenCalledOnce(), { timeout: 20_000 });
    await stopped.service.end();
    const late = await createClient(stopped.url).submit(session.authToken, submission());
    for (const answer of [await submitted, late]) {
      expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([503, 'JudgeUnavailable']);
    }
    const lines = stopped.log.filter(({ event }) => event === 'judge-failed');
    expect(lines.map(({ error }) => error)).toEqual(Array(2).fill('Error: The service is stopping'));
    await stopped.close();
    expect(await client.audit(session.sessionId)).toHaveLength(2);
    expect((await client.submit(session.authToken, submission())).status).toBe(204);
  });

  it('attempts are listed newest first, as Succeeded, Failed or Canceled with a result or an error', async () => {
    const { sessionId, authToken } = await startedSession(client);
    await client.end(authToken, { attemptId: 1, reason: 'UserCanceledSession' });
    await client.start(authToken);
    await client.end(authToken, { attemptId: 2, reason: 'NoFaceDetected' });
    await client.start(authToken);
    await client.submit(authToken, submission(3));
    const stable = await createClient(service.url, 'v1.2').manage(`/detectLiveness-sessions/${sessionId}`);
    const { status, results } = (await stable.json()) as { status: string; results: { attempts: object[] } };
    expect(status).toBe('Succeeded');
    expect(results.attempts).toMatchObject([
      { attemptId: 3, attemptStatus: 'Succeeded', result: { livenessDecision: 'uncertain' } },
      { attemptId: 2, attemptStatus: 'Failed', error: { code: 'NoFaceDetected' } },
      { attemptId: 1, attemptStatus: 'Canceled', error: { code: 'UserCanceledSession' } },
    ]);
    for (const attempt of results.attempts) expect('result' in attempt).not.toBe('error' in attempt);
  });

  it('all of a session gets 404 after 48 hours, and purges by two processes leave no row of it', async () => {
    const image = jpegOf(randomBytes(2000));
    const path = '/detectLivenessWithVerify/singleModal/sessions';
    const content = { enableSessionImage: true, authTokenTimeToLiveInSeconds: 86_400 };
    const created = await client.createWithVerify(image, content);
    const session = (await created.json()) as CreatedSession;
    await client.start(session.authToken);
    await client.submit(session.authToken, submission(), {}, 'detectLivenessWithVerify');
    const [entry] = await client.audit(session.sessionId, '', 'detectLivenessWithVerify');
    const imagePath = `/session/sessionImages/${entry?.sessionImageId ?? ''}`;
    expect((await client.manage(imagePath)).status).toBe(200);

    now += 48 * HOUR - 1;
    await service.service.purge();
    expect((await client.manage(`${path}/${session.sessionId}`)).status).toBe(200);
    expect((await client.manage(imagePath)).status).toBe(200);
    now += 1;
    // No purge has run yet.
    for (const gone of [`${path}/${session.sessionId}`, `${path}/${session.sessionId}/audit`, imagePath]) {
      expect((await client.manage(gone)).status).toBe(404);
    }
    expect(await (await client.manage(path)).json()).toEqual([]);

    // Two purges at once, and then another: each session is deleted once, and nothing is left of it.
    const other = await startService(backend, { now: () => now }, service.location);
    const purged = await Promise.all([service.service.purge(), other.service.purge()]);
    expect(purged.reduce((sum, sessions) => sum + sessions)).toBeGreaterThanOrEqual(1);
    expect(await other.service.purge()).toBe(0);
    await other.close();
    const tables = ['session', 'attempt', 'audit_entry', 'session_image', 'verify_image', 'rate_limit'] as const;
    for (const table of tables) expect([table, await count(table)]).toEqual([table, 0]);
  });

  it('a purge deletes a thousand old sessions, and keeps a new one', async () => {
    const template = await service.database
      .selectFrom('session')
      .selectAll()
      .where('id', '=', (await createdSession(client)).sessionId)
      .executeTakeFirstOrThrow();
    const old = Array.from({ length: 1000 }, () => ({
      ...template,
      id: crypto.randomUUID(),
      created_at: now - 49 * HOUR,
    }));
    await service.database.insertInto('session').values(old.slice(0, 500)).execute();
    await service.database.insertInto('session').values(old.slice(500)).execute();
    expect(await service.service.purge()).toBe(1000);
    expect(await count('session')).toBe(1);
  });

  it('deleting a session deletes its images and audit entries, and submissions get 404', async () => {
    const session = await startedSession(client, { enableSessionImage: true });
    await client.submit(session.authToken, submission());
    const frames = await fetch(`${service.url}/operator/api/sessions/${session.sessionId}/images`, {
      headers: client.withKey,
    });
    const kept = (await frames.json()) as { sessionImageId: string; fileName: string; faceRectangle: object }[];
    expect(kept).toMatchObject(manifest().frames.map(({ fileName, faceRectangle }) => ({ fileName, faceRectangle })));
    const bytes = await client.manage(`/session/sessionImages/${kept[1]?.sessionImageId ?? ''}`);
    expect(bytes.headers.get('content-type')).toBe('application/octet-stream');
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(submissionParts(manifest())[2]?.body);

    await client.manage(`${SESSIONS}/${session.sessionId}`, { method: 'DELETE' });
    expect(await count('session_image')).toBe(0);
    expect(await count('audit_entry')).toBe(0);
    expect((await client.manage(`/session/sessionImages/${kept[1]?.sessionImageId ?? ''}`)).status).toBe(404);
    expect((await client.submit(session.authToken, submission())).status).toBe(404);
  });

  it('frames are not kept unless the session asks for it', async () => {
    const session = await startedSession(client);
    await client.submit(session.authToken, submission());
    expect(await count('session_image')).toBe(0);
    expect(JSON.stringify(await client.audit(session.sessionId))).not.toContain('sessionImageId');
  });

  it('a verify image that the client brings is required, given to the judge, hashed in the audit and not kept', async () => {
    const kind = 'detectLivenessWithVerify';
    const { sessionId, authToken } = await startedSession(client, { returnVerifyImageHash: true }, kind);
    const missing = await client.submit(authToken, submission(), {}, kind);
    expect(missing.headers.get('x-ms-error-code')).toBe('VerifyImageNotProvided');
    const image = jpegOf(randomBytes(2000));
    const brought = form([...submissionParts(manifest()), { name: 'VerifyImage', fileName: 'a.jpg', body: image }]);
    expect((await client.submit(authToken, brought, {}, kind)).status).toBe(204);
    expect(judge.mock.lastCall?.[0].verifyImage).toEqual(new Uint8Array(image));
    expect(await client.audit(sessionId, '?start=1', kind)).toMatchObject([
      { id: 2, verifyImageHash: sha256Hex(image) },
    ]);
    expect(await count('verify_image')).toBe(0);
  });

  it('starts beyond a device’s limit get 429 until its window is over, and so do requests of a session', async () => {
    const limited = await startService(
      backend,
      {
        now: () => now,
        limits: { deviceAttempts: { count: 2, seconds: 600 }, sessionRequests: { count: 3, seconds: 60 } },
      },
      service.location,
    );
    const limitedClient = createClient(limited.url);
    const newToken = async () => (await createdSession(limitedClient, { deviceCorrelationId: 'busy' })).authToken;
    now -= now % 600_000;
    now += 100_000;
    const first = await newToken();
    const again = { 'client-request-id': 'again' };
    expect((await limitedClient.start(first, {}, again)).status).toBe(200);
    expect((await limitedClient.start(first, {}, again)).status, 'the same attempt again').toBe(200);
    const own = await createdSession(limitedClient, {
      deviceCorrelationIdSetInClient: true,
      deviceCorrelationId: undefined,
    });
    expect((await limitedClient.start(own.authToken, {})).status, 'what is refused opens nothing').toBe(400);
    expect((await limitedClient.start(await newToken())).status).toBe(200);
    const refused = await limitedClient.start(await newToken());
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('500');
    expect(await refused.json()).toEqual({ error: { code: '429', message: 'Rate limit is exceeded.' } });
    now += 499_999;
    expect((await limitedClient.start(await newToken())).status).toBe(429);
    now += 1;
    expect((await limitedClient.start(await newToken())).status).toBe(200);

    const { authToken } = await startedSession(limitedClient);
    const statuses: number[] = [];
    for (let request = 0; request < 3; request++) {
      statuses.push((await limitedClient.end(authToken, { attemptId: 1, reason: 'TimedOut' })).status);
    }
    expect(statuses).toEqual([204, 204, 429]);
    await limited.close();
  });
});
