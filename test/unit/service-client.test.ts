/** The window's calls to the service, over real HTTP, to a server in this process. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { LivenessErrorCode } from '../../src/protocol/errors.js';
import { FailureError } from '../../src/protocol/failure.js';
import type { TokenClaims } from '../../src/protocol/token.js';
import { ServiceClient } from '../../src/service-client.js';
import { VERSION } from '../../src/version.js';
import { attemptOf } from './samples.js';
import { CLAIMS, encode, tokenOf } from './token-of.js';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A service that answers everything the same way and remembers what it was asked. */
async function service(status: number, answer: unknown): Promise<{ origin: string; received: Received[] }> {
  const received: Received[] = [];
  const origin = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      received.push({ path: request.url ?? '', headers: request.headers, body: text ? JSON.parse(text) : null });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  return { origin, received };
}

interface Call {
  origin: string;
  claims?: Partial<TokenClaims>;
  endpoint?: string;
  deviceCorrelationId?: string;
  deadlineMs?: number;
  signal?: AbortSignal;
}

function startAttempt({ origin, claims, endpoint = '', deviceCorrelationId = '', ...call }: Call) {
  const client = new ServiceClient(tokenOf({ aud: origin, ...claims }), endpoint);
  const signal = call.signal ?? new AbortController().signal;
  return client.startAttempt(deviceCorrelationId, call.deadlineMs ?? 5_000, signal, 'client-request');
}

/** The code a promise fails with. */
async function codeOf(work: Promise<unknown>): Promise<LivenessErrorCode> {
  const error = await work.then(
    () => expect.fail('It did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw error;
  return error.failure.code;
}

describe('session/start', () => {
  it('goes to the token’s audience, with the token, the given request id and the element’s version', async () => {
    const { origin, received } = await service(200, attemptOf());
    expect(await startAttempt({ origin })).toEqual(attemptOf());
    const [first] = received;
    expect(first?.path).toBe('/face/v1.2-preview.1/session/start');
    expect(first?.headers.authorization).toBe(`Bearer ${tokenOf({ aud: origin })}`);
    expect(first?.headers['client-request-id']).toBe('client-request');
    expect(first?.body).toEqual({ client: { name: 'face-liveness', version: VERSION } });
  });

  it.each([
    ['a path', '/liveness', '/liveness/face/v1.2-preview.1/session/start'],
    ['a path with slashes at its end', '/liveness//', '/liveness/face/v1.2-preview.1/session/start'],
  ])('goes below the audience if that has %s', async (_, base, path) => {
    const { origin, received } = await service(200, attemptOf());
    await startAttempt({ origin: origin + base });
    expect(received[0]?.path).toBe(path);
  });

  it('goes to the endpoint if one is set, in the token’s API version', async () => {
    const { origin, received } = await service(200, attemptOf());
    await startAttempt({
      origin: 'http://127.0.0.1:1',
      endpoint: `${origin}/`,
      claims: { ver: 'v1.1-preview.1' },
    });
    expect(received[0]?.path).toBe('/face/v1.1-preview.1/session/start');
  });

  it('returns the session id of the token, whatever the answer says', async () => {
    const { origin } = await service(200, { ...attemptOf(), sessionId: null });
    expect(await startAttempt({ origin })).toEqual(attemptOf());
  });

  it('accepts an attempt with required head turns, a smile and no attempts left', async () => {
    const attempt = {
      ...attemptOf({ mode: 'PassiveActive', required: true, directions: ['lookUp', 'smile'] }),
      attemptsRemaining: 0,
    };
    const { origin } = await service(200, attempt);
    expect(await startAttempt({ origin })).toEqual(attempt);
  });

  it('sends the deviceCorrelationId only if the session leaves it to the client', async () => {
    const { origin, received } = await service(200, attemptOf());
    await startAttempt({ origin, deviceCorrelationId: 'phone', claims: { deviceCorrelationIdSetInClient: true } });
    await startAttempt({ origin, deviceCorrelationId: 'phone' });
    expect(received.map(({ body }) => (body as { deviceCorrelationId?: string }).deviceCorrelationId)).toEqual([
      'phone',
      undefined,
    ]);
  });
});

describe('failures', () => {
  it.each([
    ['an empty token', '', 'InvalidToken'],
    ['an expired token', tokenOf({ exp: 1_700_000_000 }), 'TokenExpired'],
  ] as const)('refuses %s before anything is sent', (_, token, code) => {
    expect(() => new ServiceClient(token, '')).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as Error,
    );
  });

  it.each([
    ['http://liveness.example', 'InsecureContext'],
    ['http://192.168.0.7:8080', 'InsecureContext'],
    ['http://localhost.example', 'InsecureContext'],
    ['http://127.0.0.1.example', 'InsecureContext'],
    ['ftp://liveness.example', 'InsecureContext'],
    ['liveness.example', 'InvalidToken'],
    ['/liveness', 'InvalidToken'],
  ] as const)('refuses a service at %s with %s', (address, code) => {
    const failure = expect.objectContaining({ code }) as unknown;
    for (const [aud, endpoint] of [
      [address, ''],
      ['https://liveness.example', address],
    ] as const) {
      expect(() => new ServiceClient(tokenOf({ aud }), endpoint)).toThrow(
        expect.objectContaining({ failure }) as Error,
      );
    }
  });

  it.each(['https://s.example', 'http://localhost:1', 'http://app.localhost', 'http://127.0.0.1:1', 'http://[::1]:1'])(
    'accepts a service at %s',
    (aud) => {
      expect(new ServiceClient(tokenOf({ aud }), '').submissionUrl).toContain(aud);
    },
  );

  it('AttemptsExhausted: the service refuses with that code', async () => {
    const { origin } = await service(403, { error: { code: 'AttemptsExhausted', message: 'no more' } });
    expect(await codeOf(startAttempt({ origin }))).toBe('AttemptsExhausted');
  });

  it('ServiceUnreachable: nobody listens', async () => {
    const { origin } = await service(200, {});
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    expect(await codeOf(startAttempt({ origin }))).toBe('ServiceUnreachable');
  });

  it('ServiceUnreachable: the connection breaks', async () => {
    const origin = await listen((request) => request.socket.destroy());
    expect(await codeOf(startAttempt({ origin }))).toBe('ServiceUnreachable');
  });

  it('ServiceUnreachable: the connection breaks in the middle of the answer', async () => {
    const origin = await listen((_, response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('{"sessionId":');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await codeOf(startAttempt({ origin }))).toBe('ServiceUnreachable');
  });

  it('ServerRequestTimedOut: no answer comes in time', async () => {
    const origin = await listen(() => undefined);
    expect(await codeOf(startAttempt({ origin, deadlineMs: 100 }))).toBe('ServerRequestTimedOut');
  });

  it('ServerRequestTimedOut: the answer stops in the middle', async () => {
    const origin = await listen((_, response) => {
      response.writeHead(200);
      response.write('{"sessionId":');
    });
    expect(await codeOf(startAttempt({ origin, deadlineMs: 150 }))).toBe('ServerRequestTimedOut');
  });

  it.each(['', '<html>', 'null', '[]', '{}', '{"sessionId":"s","attemptId":1}'])(
    'UnexpectedServerError: a success whose body is %j',
    async (answer) => {
      const { origin } = await service(200, answer);
      expect(await codeOf(startAttempt({ origin }))).toBe('UnexpectedServerError');
    },
  );

  it.each([
    { attemptId: '1' },
    { attemptId: 0 },
    { attemptsRemaining: null },
    { attemptsRemaining: -1 },
    { livenessOperationMode: null },
    { livenessOperationMode: 'Active' },
    { activeMotion: null },
    { activeMotion: { required: false, directions: ['lookLeft', 'nod'] } },
    { activeMotion: { required: false, directions: 'lookLeft' } },
    { activeMotion: { required: true, directions: [] } },
    { activeMotion: { required: 'false', directions: ['lookLeft'] } },
    { activeMotion: { directions: ['lookLeft'] } },
    { limits: null },
    { limits: { maxFrames: 0, maxBytes: 4_000_000, seconds: 300 } },
    { limits: { maxFrames: 12, maxBytes: '4 MB', seconds: 300 } },
    { limits: { maxFrames: 12, maxBytes: 4_000_000 } },
  ])('UnexpectedServerError: an attempt with %j', async (wrong) => {
    const { origin } = await service(200, { ...attemptOf(), ...wrong });
    expect(await codeOf(startAttempt({ origin }))).toBe('UnexpectedServerError');
  });

  it('UnexpectedClientError: a redirect, which is not followed', async () => {
    const elsewhere = await service(200, attemptOf());
    const origin = await listen((_, response) => {
      response.writeHead(307, { location: `${elsewhere.origin}/face/v1.2-preview.1/session/start` }).end();
    });
    expect(await codeOf(startAttempt({ origin }))).toBe('UnexpectedClientError');
    expect(elsewhere.received).toEqual([]);
  });

  it.each(['before the answer', 'in the middle of the answer'])('UserCanceledSession: canceled %s', async (when) => {
    const abort = new AbortController();
    const origin = await listen((_, response) => {
      if (when !== 'before the answer') response.writeHead(200).write('{');
      setTimeout(() => abort.abort(), 50);
    });
    expect(await codeOf(startAttempt({ origin, signal: abort.signal }))).toBe('UserCanceledSession');
  });
});

it('submissionUrl depends on whether the session verifies', () => {
  const url = (verify: boolean) => new ServiceClient(tokenOf({ aud: 'https://s.example/', verify }), '').submissionUrl;
  expect(url(false)).toBe('https://s.example/face/v1.2-preview.1/detectLiveness/singleModal');
  expect(url(true)).toBe('https://s.example/face/v1.2-preview.1/detectLivenessWithVerify/singleModal');
});

it('without the claims that a service may leave out, uses the default API version and does not verify', () => {
  const { aud, sub, exp, mode } = CLAIMS;
  const token = `.${encode(JSON.stringify({ aud, sub, exp, mode }))}.`;
  expect(new ServiceClient(token, '').submissionUrl).toBe(`${aud}/face/v1.2-preview.1/detectLiveness/singleModal`);
});

describe('session/attempt/end', () => {
  it('sends the attempt and the reason', async () => {
    const { origin, received } = await service(204, '');
    new ServiceClient(tokenOf({ aud: origin }), '').endAttempt({ attemptId: 2, reason: 'UserCanceledSession' });
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    expect(received[0]).toMatchObject({
      path: '/face/v1.2-preview.1/session/attempt/end',
      body: { attemptId: 2, reason: 'UserCanceledSession' },
    });
  });

  it('causes no unhandled rejection if nobody listens', async () => {
    const rejections: unknown[] = [];
    const listener = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', listener);
    new ServiceClient(tokenOf({ aud: 'http://127.0.0.1:1' }), '').endAttempt({ attemptId: 1, reason: 'TimedOut' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.off('unhandledRejection', listener);
    expect(rejections).toEqual([]);
  });
});
