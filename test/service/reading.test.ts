/** Bodies that arrive slowly, too many at once, or cut off; and a judge that never answers. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, Socket, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../listen.js';
import { createClient, startedSession, type Client, type CreatedSession } from './client.js';
import { startService, type RunningService } from './harness.js';
import { startProcess } from './process.js';
import { jpegOf, manifest, submission, submissionParts } from './submission.js';

describe('submissions', () => {
  let service: RunningService;
  let client: Client;
  const open: ClientRequest[] = [];
  const limits = { submissionBytesAtOnce: 3_000_000, submissionsAtOncePerSession: 2, submissionBytes: 1_000_000 };
  beforeAll(async () => {
    service = await startService('SQLite', { limits });
    client = createClient(service.url);
  });
  afterAll(() => service.close());

  /** Announces a body of 1 MB, but sends only 1 kB of it. */
  function holdOpen(token: string): ClientRequest {
    const upload = request(`${client.base}/detectLiveness/singleModal`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-length': 1_000_000,
        'content-type': submission().contentType,
        expect: '100-continue',
      },
    });
    upload.on('error', () => undefined);
    upload.write(Buffer.alloc(1000));
    open.push(upload);
    return upload;
  }

  /** The answer to the upload over the limit: the others get none before their bodies are complete. */
  async function refusal(): Promise<IncomingMessage> {
    const [response] = (await Promise.race(open.map((upload) => once(upload, 'response')))) as [IncomingMessage];
    return response.resume();
  }

  /** Cuts off all open uploads and waits until the service noticed. @param refused how many were answered before */
  async function letGo(refused = 0): Promise<void> {
    const cutOff = () => service.log.filter(({ status }) => status === 400).length;
    const expected = cutOff() + open.length - refused;
    for (const upload of open.splice(0)) upload.destroy();
    await expect.poll(cutOff, { timeout: 20_000 }).toBe(expected);
  }

  it('of one session get 429 beyond submissionsAtOncePerSession', async () => {
    const { authToken } = await startedSession(client);
    for (let times = 0; times < 3; times++) holdOpen(authToken);
    const { statusCode, headers } = await refusal();
    expect([statusCode, headers['retry-after']]).toEqual([429, '1']);
    await letGo(1);
    expect((await client.submit(authToken, submission())).status).toBe(204);
  });

  it('of several sessions get 503 beyond submissionBytesAtOnce', async () => {
    const sessions = await Promise.all([1, 2, 3, 4].map(() => startedSession(client)));
    for (const { authToken } of sessions) holdOpen(authToken);
    const { statusCode, headers } = await refusal();
    expect([statusCode, headers['retry-after']]).toEqual([503, '1']);
    await letGo(1);
    for (const { authToken } of sessions) expect((await client.submit(authToken, submission())).status).toBe(204);
  });

  it('that are cut off leave the attempt open and no audit entry', async () => {
    service.log.length = 0;
    const { sessionId, authToken } = await startedSession(client);
    await once(holdOpen(authToken), 'continue');
    await letGo();
    expect(service.log.filter(({ level }) => level === 'error')).toEqual([]);
    expect(service.log.at(-1)).toMatchObject({ status: 400 });
    expect((await client.submit(authToken, submission())).status).toBe(204);
    expect(await client.audit(sessionId)).toHaveLength(1);
  });

  /** Expects the error `RequestBodyCutOff`, and no audit entry. */
  async function refused({ sessionId }: CreatedSession, answer: Promise<Response>): Promise<void> {
    expect(await (await answer).json()).toMatchObject({ error: { code: 'RequestBodyCutOff' } });
    expect(await client.audit(sessionId)).toEqual([]);
  }

  it.each([
    ['content-length: 1000', 'x'],
    ['content-length: 100000', 'x'],
    ['transfer-encoding: chunked', '1\r\nx\r\n'],
  ])('that are cut off before they are read get RequestBodyCutOff and no audit entry: %s', async (length, sent) => {
    const session = await startedSession(client);
    const answer = new Promise<Response>((resolve) => {
      const server = createAdaptorServer({
        fetch: async (request) => {
          const [socket] = await connection;
          sender.destroy();
          await new Promise((closed) => socket.on('close', closed));
          resolve(service.service.fetch(request));
          server.close();
          return new Response();
        },
      });
      const connection = once(server, 'connection') as Promise<[Socket]>;
      const sender = new Socket();
      void listen(server as Server).then((port) => sender.connect(port, '127.0.0.1'));
      sender.on('connect', () =>
        sender.write(
          `POST /face/v1.2-preview.1/detectLiveness/singleModal HTTP/1.1\r\nhost: localhost\r\n` +
            `authorization: Bearer ${session.authToken}\r\ncontent-type: ${submission().contentType}\r\n` +
            `${length}\r\n\r\n${sent}`,
        ),
      );
    });
    await refused(session, answer);
  });

  it('that end before their declared length get RequestBodyCutOff and no audit entry', async () => {
    const session = await startedSession(client);
    const { contentType, bytes } = submission(1, 2, 20_000);
    const given = new Request(`${client.base}/detectLiveness/singleModal`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${session.authToken}`,
        'content-type': contentType,
        'content-length': String(bytes.length + 1),
      },
      body: bytes,
    });
    await refused(session, Promise.resolve(service.service.fetch(given)));
  });

  it.each([900, 8_192, 65_536])(
    'just within the limit are taken in pieces of %i bytes without a declared length',
    async (piece) => {
      const { authToken } = await startedSession(client);
      const { contentType, bytes } = submission(1, 2, 498_000);
      expect(bytes.length).toBeGreaterThan(0.995 * limits.submissionBytes);
      const stream = new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += piece) controller.enqueue(bytes.subarray(at, at + piece));
          controller.close();
        },
      });
      const answer = await fetch(`${client.base}/detectLiveness/singleModal`, {
        method: 'POST',
        headers: { authorization: `Bearer ${authToken}`, 'content-type': contentType },
        body: stream,
        duplex: 'half',
      } as RequestInit);
      expect(answer.status).toBe(204);
    },
  );

  it('of a declared length that come byte by byte get 413 before they are complete', async () => {
    const { authToken } = await startedSession(client);
    const upload = request(`${client.base}/detectLiveness/singleModal`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${authToken}`,
        'content-length': 20_000,
        'content-type': submission().contentType,
      },
    });
    upload.on('error', () => undefined);
    const answer = once(upload, 'response') as Promise<[IncomingMessage]>;
    let answered = false;
    void answer.then(() => (answered = true));
    // The service runs in this process, and reads each byte before the next is sent.
    for (let sent = 0; sent < 20_000 && !answered; sent++) {
      upload.write('x');
      await new Promise(setImmediate);
    }
    const [{ statusCode, headers }] = await answer;
    expect([statusCode, headers['x-ms-error-code']]).toEqual([413, 'RequestBodyTooLarge']);
    upload.destroy();
  });
});

it('a process with little memory answers 413 to a body in chunks of one byte, and goes on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'service-'));
  const running = await startProcess({
    location: { file: '' },
    dataDirectory: directory,
    environment: { NODE_OPTIONS: '--max-old-space-size=64' },
  });
  const { hostname, port } = new URL(running.url);
  const client = createClient(running.url);
  const { authToken } = await startedSession(client);
  const send = (pieces: number) => {
    const socket = connect(Number(port), hostname);
    // The service refuses the body before all of it is sent, and then does not read the rest.
    socket.on('error', () => undefined);
    socket.write(
      `POST /face/v1.2-preview.1/detectLiveness/singleModal HTTP/1.1\r\nhost: ${hostname}\r\n` +
        `authorization: Bearer ${authToken}\r\ncontent-type: ${submission().contentType}\r\n` +
        `transfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(pieces)}`,
    );
    return socket;
  };
  const [answer] = (await once(send(60_000), 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 413 .*x-ms-error-code: RequestBodyTooLarge/is);
  const flood = send(1_000_000);
  await new Promise((resolve) => flood.on('close', resolve));
  expect((await client.submit(authToken, submission())).status).toBe(204);
  expect(await running.end('SIGTERM')).toBe(0);
  rmSync(directory, { recursive: true });
});

describe('a judge', () => {
  const hanging = new Promise<never>(() => undefined);
  it.each([
    ['that never answers', () => hanging],
    ['that fails', () => Promise.reject(new Error('out of order'))],
    ['that gives an unknown answer', () => Promise.resolve('blurred' as never)],
  ])('%s gives 503 JudgeUnavailable for a submission and for a verify image', async (_, behave) => {
    const judge = { judge: behave, examineVerifyImage: behave };
    const service = await startService('SQLite', { judge, limits: { judgeMs: 200 } });
    const client = createClient(service.url);
    const plain = await startedSession(client, { sendResultsToClient: true });
    const answer = await client.submit(plain.authToken, submission());
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({ error: { code: 'JudgeUnavailable' } });
    const [entry] = await client.audit(plain.sessionId);
    expect(entry).toMatchObject({ response: { statusCode: 503, body: { error: { code: 'JudgeUnavailable' } } } });

    const created = await client.createWithVerify(jpegOf(Buffer.alloc(2000)));
    expect(created.status).toBe(503);
    const { error } = (await created.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe('JudgeUnavailable');
    expect(error.message, 'there is none yet').not.toMatch(/attempt/);
    expect(service.log.filter(({ event }) => event === 'judge-failed')).toHaveLength(2);
    await service.close();
  });

  const verifyImage = jpegOf(Buffer.alloc(2000, 7));
  it.each([
    ['no verify image', null],
    ['the verify image of the back end', verifyImage],
  ])('gets the manifest, the frames, the challenge, the session’s id and %s, and decides', async (_, image) => {
    const seen: unknown[] = [];
    const service = await startService('SQLite', {
      drawDirections: () => ['lookUp', 'lookLeft'],
      judge: {
        judge: async (given) => {
          seen.push(given);
          return { livenessDecision: 'spoofface', target: { fileName: 'frame-000.jpg', faceRectangle: RECTANGLE } };
        },
      },
    });
    const client = createClient(service.url);
    const content = { livenessOperationMode: 'PassiveActive', sendResultsToClient: true };
    const created = await (image ? client.createWithVerify(image, content) : client.create(content));
    const session = (await created.json()) as CreatedSession;
    await client.start(session.authToken);
    const kind = image ? 'detectLivenessWithVerify' : 'detectLiveness';
    const answer = await client.submit(session.authToken, submission(), {}, kind);
    expect(await answer.json()).toMatchObject({ livenessDecision: 'spoofface', target: { faceRectangle: RECTANGLE } });
    const [, ...frames] = submissionParts(manifest());
    expect(seen).toEqual([
      {
        manifest: manifest(),
        frames: frames.map(({ fileName, type, body }) => ({
          fileName,
          type,
          bytes: new Uint8Array(Buffer.from(body)),
        })),
        challenge: ['lookUp', 'lookLeft'],
        sessionId: session.sessionId,
        elapsedInMs: expect.any(Number) as number,
        verifyImage: image && new Uint8Array(image),
      },
    ]);
    await service.close();
  });

  it('has its reason and its evidence in the session’s result, but not in the answer to the client', async () => {
    const kept = { reason: 'ScreenShown', evidence: { score: 0.98 } };
    const service = await startService('SQLite', {
      judge: {
        judge: async () => ({
          livenessDecision: 'spoofface',
          target: { fileName: 'frame-000.jpg', faceRectangle: RECTANGLE },
          modelVersionUsed: 'engine-4.2',
          ...kept,
        }),
      },
    });
    const client = createClient(service.url);
    const { sessionId, authToken } = await startedSession(client, { sendResultsToClient: true });
    const answer = (await (await client.submit(authToken, submission())).json()) as object;
    expect(Object.keys(answer).sort()).toEqual(['livenessDecision', 'modelVersionUsed', 'target']);
    const session = await client.manage(`/detectLiveness/singleModal/sessions/${sessionId}`);
    expect(await session.json()).toMatchObject({ result: { response: { body: kept } } });
    await service.close();
  });
});

const RECTANGLE = { top: 1, left: 2, width: 30, height: 40 };
