/** The worker's upload, to a server that reports what it received. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureError, type Failure } from '../../src/protocol/failure.js';
import type { Submission } from '../../src/protocol/worker-api.js';
import { encodeMultipart } from '../../worker/submit/multipart.js';
import { upload } from '../../worker/submit/upload.js';
import { allowLeaps, until } from './harness.js';

interface Received {
  length: number;
  sha256: string;
  headers: Record<string, string>;
}

const ECHO = '/echo';
const REQUEST_ID = { 'apim-request-id': 'request-1' };

/** A frame large enough that its upload shows progress. */
const BODY = encodeMultipart(
  [
    { name: 'manifest', type: 'application/json', body: new TextEncoder().encode('{}') },
    { name: 'frame', type: 'image/jpeg', fileName: 'frame-000.jpg', body: noise(3_000_000) },
  ],
  'face-liveness-limit',
);

let received: Received | null;
const { open } = XMLHttpRequest.prototype;

beforeEach(() => {
  received = null;
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...given: [string, string]) {
    this.addEventListener('load', () => {
      const header = this.getResponseHeader('x-received');
      received = header ? (JSON.parse(header) as Received) : null;
    });
    open.apply(this, [...given, true]);
  } as typeof open;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  XMLHttpRequest.prototype.open = open;
});

interface Answer {
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  stall?: boolean;
  deaf?: boolean;
  break?: boolean;
}

function send(
  { headers = REQUEST_ID, ...answer }: Answer = {},
  deadlineMs = 10_000,
  onProgress: (share: number) => void = () => undefined,
  body = BODY,
) {
  const query = new URLSearchParams({ headers: JSON.stringify(headers) });
  for (const [name, value] of Object.entries(answer)) query.set(name, String(value));
  const submission: Submission = {
    url: new URL(`${ECHO}?${query}`, location.href).href,
    token: 'the.token.itself',
    clientRequestId: 'client-1',
    camera: { width: 1, height: 1 },
    verifyImage: null,
    deadlineMs,
  };
  return upload(body, submission, onProgress);
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => expect.fail('It did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw error;
  return error.failure;
}

it('sends the bytes unchanged, with the digest of what the server receives', async () => {
  const receipt = await send();
  expect(receipt).toEqual({ requestId: 'request-1', digest: received?.sha256.toUpperCase(), livenessDecision: null });
  expect(received?.length).toBe(BODY.bytes.length);
  const base64 = btoa(String.fromCharCode(...(received?.sha256.match(/../g) ?? []).map((hex) => parseInt(hex, 16))));
  expect(received?.headers).toMatchObject({
    authorization: 'Bearer the.token.itself',
    'content-type': BODY.contentType,
    'client-request-id': 'client-1',
    'content-digest': `sha-256=:${base64}:`,
  });
});

it('sending again gives the same digest', async () => {
  expect((await send()).digest).toBe((await send()).digest);
});

it('progress grows from 0 to 1', async () => {
  const progress: number[] = [];
  await send({}, 10_000, (share) => progress.push(share));
  expect(progress.length).toBeGreaterThan(0);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  for (const share of progress) expect(share).toBeGreaterThanOrEqual(0);
});

it('returns the decision in the service’s answer, and nothing else of its body', async () => {
  const body = { livenessDecision: 'uncertain', modelVersionUsed: 'none' };
  const receipt = await send({ status: 200, body: JSON.stringify(body) });
  expect(receipt).toEqual({ requestId: 'request-1', digest: receipt.digest, livenessDecision: 'uncertain' });
});

describe('failures', () => {
  it('DigestMismatch: a refusal keeps its status and the service’s code', async () => {
    const answer = {
      status: 400,
      body: JSON.stringify({ error: { code: 'DigestMismatch', message: 'Other bytes' } }),
      headers: { ...REQUEST_ID, 'x-ms-error-code': 'DigestMismatch' },
    };
    expect(await failureOf(send(answer))).toMatchObject({
      code: 'DigestMismatch',
      status: 400,
      serviceCode: 'DigestMismatch',
    });
  });

  it('ServerRequestTimedOut: no answer comes in time', async () => {
    expect((await failureOf(send({ stall: true }, 400))).code).toBe('ServerRequestTimedOut');
  });

  it('ServerRequestTimedOut: nothing goes out for 20 seconds', async () => {
    allowLeaps();
    // More than all buffers on the way can hold.
    const body = { ...BODY, bytes: new Uint8Array(64_000_000) };
    const shares: number[] = [];
    const failure = failureOf(send({ deaf: true }, 60_000, (share) => shares.push(share), body));
    await until(() => shares.length > 0, 'the first bytes');
    vi.advanceTimersByTime(20_000);
    const message = 'No data could be sent for 20000 ms';
    expect(await failure).toEqual({ code: 'ServerRequestTimedOut', message });
    expect(shares.at(-1)).toBeLessThan(1);
  });

  it('no stall timer runs if the browser reports no upload progress, as behind a service worker', async () => {
    allowLeaps();
    vi.spyOn(XMLHttpRequest.prototype, 'upload', 'get').mockReturnValue({} as XMLHttpRequestUpload);
    const sending = vi.spyOn(XMLHttpRequest.prototype, 'send');
    void send({ stall: true }, 60_000).catch(() => undefined);
    await until(() => sending.mock.calls.length > 0, 'the request');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('no stall timer runs while it waits for the answer', async () => {
    allowLeaps();
    const shares: number[] = [];
    const ended = vi.fn();
    void send({ stall: true }, 60_000, (share) => shares.push(share))
      .finally(ended)
      .catch(() => undefined);
    await until(() => shares.at(-1) === 1, 'the last bytes');
    expect(vi.getTimerCount()).toBe(0);
    expect(ended).not.toHaveBeenCalled();
  });

  it('ServiceUnreachable: the connection breaks', async () => {
    expect((await failureOf(send({ break: true }))).code).toBe('ServiceUnreachable');
  });

  it.each([307, 308])('UnexpectedClientError: a redirect by %i, even to the same origin', async (status) => {
    const elsewhere = `${ECHO}?${new URLSearchParams({ headers: JSON.stringify(REQUEST_ID) })}`;
    const failure = await failureOf(send({ status, headers: { location: elsewhere } }));
    expect(failure.code).toBe('UnexpectedClientError');
  });

  it('UnexpectedServerError: a success without a request id', async () => {
    expect((await failureOf(send({ headers: {} }))).code).toBe('UnexpectedServerError');
    expect((await failureOf(send({ status: 200, body: '<html>', headers: {} }))).code).toBe('UnexpectedServerError');
  });

  it.each(['', '<html>', '[1', 'null', '{}', '{"livenessDecision":7}'])(
    'a success with a request id stays one if its body is %j',
    async (body) => {
      expect(await send({ status: 200, body })).toMatchObject({ requestId: 'request-1', livenessDecision: null });
    },
  );
});

function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = (state * 16_807) % 2_147_483_647) & 255);
}
