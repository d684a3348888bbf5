/** A session from creation to deletion, as back end and device see it. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeToken } from '../../src/protocol/token.js';
import { sha256Hex } from '../sha256-hex.js';
import { BACKENDS } from './backends.js';
import { createClient, createdSession, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { submission } from './submission.js';

describe.each(BACKENDS)('the service on %s', (backend) => {
  let service: RunningService;
  let client: Client;
  beforeAll(async () => {
    service = await startService(backend);
    client = createClient(service.url);
  });
  afterAll(() => service.close());

  describe('an attempt', () => {
    const start = async (token: string, id?: string) => {
      const response = await client.start(token, {}, id ? { 'client-request-id': id } : {});
      const { attemptId, activeMotion } = (await response.json()) as { attemptId: number; activeMotion: unknown };
      return { attemptId, activeMotion };
    };

    it('is given again to a start with the same client-request-id, and not to one with another or none', async () => {
      const { authToken } = await createdSession(client, { livenessOperationMode: 'PassiveActive' });
      const first = await start(authToken, 'one');
      expect(first.attemptId).toBe(1);
      expect(await Promise.all([start(authToken, 'one'), start(authToken, 'one')])).toEqual([first, first]);
      expect(await start(authToken, 'two')).toMatchObject({ attemptId: 2 });
      expect(await start(authToken), 'a request without an id is never the same').toMatchObject({ attemptId: 3 });
    });

    it('that is over is not given again to a start with its client-request-id', async () => {
      const { authToken } = await createdSession(client);
      await start(authToken, 'one');
      await client.end(authToken, { attemptId: 1, reason: 'UserCanceledSession' });
      expect(await start(authToken, 'one')).toMatchObject({ attemptId: 2 });
    });
  });

  describe('a session', () => {
    it('is created, started, submitted, read and deleted', async () => {
      const session = await createdSession(client, { deviceCorrelationId: 'a-device' });
      expect(decodeToken(session.authToken)).toMatchObject({
        aud: service.url,
        sub: session.sessionId,
        mode: 'Passive',
      });

      const started = await client.start(session.authToken);
      expect(await started.json()).toMatchObject({
        sessionId: session.sessionId,
        attemptId: 1,
        attemptsRemaining: 2,
        activeMotion: { required: false, directions: [] },
      });

      const body = submission();
      const digest = sha256Hex(body.bytes);
      const submitted = await client.submit(session.authToken, body, { 'client-request-id': 'the-call' });
      expect(submitted.status).toBe(204);
      expect(await submitted.text()).toBe('');
      const requestId = submitted.headers.get('apim-request-id');

      const entry = {
        id: 1,
        sessionId: session.sessionId,
        requestId,
        clientRequestId: 'the-call',
        digest,
        request: { url: '/face/v1.2-preview.1/detectLiveness/singleModal', contentLength: body.bytes.length },
        response: { statusCode: 204, body: { livenessDecision: 'uncertain', reason: 'NoJudgeConfigured' } },
      };
      expect(await client.audit(session.sessionId)).toMatchObject([entry]);
      const read = await client.manage(`/detectLiveness/singleModal/sessions/${session.sessionId}`);
      expect(await read.json()).toMatchObject({
        id: session.sessionId,
        status: 'ResultAvailable',
        sessionExpired: false,
        deviceCorrelationId: 'a-device',
        result: entry,
      });

      const path = `/detectLiveness/singleModal/sessions/${session.sessionId}`;
      expect((await client.manage(path, { method: 'DELETE' })).status).toBe(200);
      const gone = await client.manage(path);
      expect(gone.status).toBe(404);
      expect(gone.headers.get('x-ms-error-code')).toBe('SessionNotFound');
      expect((await client.start(session.authToken)).status).toBe(404);
    });

    it('with sendResultsToClient answers a submission with its result', async () => {
      const session = await startedSession(client, { sendResultsToClient: true });
      const answer = await client.submit(session.authToken, submission());
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ livenessDecision: 'uncertain' });
    });
  });

  it('reads Content-Digest as a structured field, and compares the last sha-256 of two', async () => {
    const body = submission();
    const own = `sha-256=:${createHash('sha256').update(body.bytes).digest('base64')}:`;
    const other = `sha-256=:${Buffer.alloc(32).toString('base64')}:`;
    const status = async (digest: string) => {
      const { authToken } = await startedSession(client);
      return (await client.submit(authToken, body, { 'content-digest': digest })).status;
    };
    const taken = [
      own,
      `${own};a="b,c"`,
      `sha-512=:AAAA:, ${own}`,
      `${other},${own}`,
      'unixsum=30637, sha-512=:AAAA:',
      '',
    ];
    for (const digest of taken) expect([digest, await status(digest)]).toEqual([digest, 204]);
    for (const digest of [other, `${own}, ${other}`, 'sha-256=::'])
      expect([digest, await status(digest)]).toEqual([digest, 400]);
  });

  describe('a submission whose body is not what was sent', () => {
    it('is refused with DigestMismatch and audited with the digest of what came', async () => {
      const session = await startedSession(client);
      const body = submission();
      const sent = createHash('sha256').update(body.bytes).digest('base64');
      body.bytes[100] = (body.bytes[100] ?? 0) ^ 1;
      const received = sha256Hex(body.bytes);

      const answer = await client.submit(session.authToken, body, { 'content-digest': `sha-256=:${sent}:` });
      expect(answer.status).toBe(400);
      expect(answer.headers.get('x-ms-error-code')).toBe('DigestMismatch');
      expect(await client.audit(session.sessionId)).toMatchObject([
        { digest: received, response: { statusCode: 400, body: { error: { code: 'DigestMismatch' } } } },
      ]);
    });
  });

  describe('a submission that is repeated', () => {
    it('with the same client-request-id gets the first answer and its id, and no second audit entry', async () => {
      const session = await startedSession(client, { sendResultsToClient: true });
      const body = submission();
      const headers = { 'client-request-id': 'again' };
      const first = await client.submit(session.authToken, body, headers);
      const second = await client.submit(session.authToken, body, headers);
      expect(second.status).toBe(200);
      expect(second.headers.get('apim-request-id')).toBe(first.headers.get('apim-request-id'));
      expect(await second.text()).toBe(await first.text());
      expect(await client.audit(session.sessionId)).toHaveLength(1);
    });

    it('with another client-request-id gets 409 and an audit entry of its own', async () => {
      const session = await startedSession(client);
      expect((await client.submit(session.authToken, submission())).status).toBe(204);
      const second = await client.submit(session.authToken, submission());
      expect(second.status).toBe(409);
      expect(await client.audit(session.sessionId)).toHaveLength(2);
    });
  });
});
