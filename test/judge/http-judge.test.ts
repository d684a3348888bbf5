/** The HTTP judge over real HTTP, against the example handler and servers that misbehave. */
import { createHash, createHmac } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { httpJudge, type HttpJudgeOptions } from '../../demo/server/judge/http/http-judge.js';
import { isSignedBy, sign } from '../../demo/server/judge/http/signature.js';
import { JudgeBusy, SubmissionRefused } from '../../demo/server/judge/judge.js';
import { DEFAULT_DEADLINES } from '../../src/deadlines.js';
import { film } from './film.js';
import { judgementOn, SECRET, startJudgeServer, VERIFY_FACE, type JudgeServer } from './judge-server.js';

let server: JudgeServer;
afterEach(() => server.close());

function connect(options: Partial<HttpJudgeOptions> = {}) {
  const { url } = server;
  return httpJudge({ url, secret: SECRET, activeMotion: false, timeoutMs: 20_000, retryAfterMs: [5, 5], ...options });
}

const soon = (): AbortSignal => AbortSignal.timeout(60_000);

/** The handler's answer with its signature header changed, or removed if `headers` gives null. */
async function changed(answer: () => Promise<Response>, headers: (signature: string) => string | null) {
  const response = await answer();
  const signature = headers(response.headers.get('liveness-signature') ?? '');
  response.headers.delete('liveness-signature');
  if (signature !== null) response.headers.set('liveness-signature', signature);
  return response;
}

describe('the HTTP judge', () => {
  it('sends the whole submission and returns the judgement', async () => {
    server = await startJudgeServer();
    const sent = film({ verifyImage: new Uint8Array([1, 2, 3]) });
    expect(await connect().judge(sent, soon())).toEqual(judgementOn(sent));
    expect(server.submissions).toEqual([sent]);
  });

  it('returns the examination of a verify image, or what is wrong with it', async () => {
    const bytes = [7, 8, 9];
    server = await startJudgeServer({
      examineVerifyImage: async (image) => (image.length === bytes.length ? VERIFY_FACE : 'severalFaces'),
    });
    expect(await connect().examineVerifyImage?.(new Uint8Array(bytes), soon())).toEqual(VERIFY_FACE);
    expect(await connect().examineVerifyImage?.(new Uint8Array(4), soon())).toBe('severalFaces');
  });

  it.each(['noFace', { fileName: 'frame-001.jpg', code: 'ImageDamaged' }] as const)(
    'passes on the refusal %j after one request',
    async (cause) => {
      server = await startJudgeServer({
        judge: async () => {
          throw new SubmissionRefused(cause, 'as the tests want');
        },
      });
      const refused = await connect()
        .judge(film({ verifyImage: new Uint8Array(3) }), soon())
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(SubmissionRefused);
      expect((refused as SubmissionRefused).cause).toEqual(cause);
      expect(server.requests).toHaveLength(1);
    },
  );
});

describe('signing', () => {
  const signed = { direction: 'request', requestId: 'an-id', body: new TextEncoder().encode('a body') } as const;

  it('makes an HMAC-SHA-256 over direction, time, request id and body hash', () => {
    const hash = createHash('sha256').update('a body').digest('hex');
    const mac = createHmac('sha256', SECRET).update(`request.1700000000.an-id.${hash}`).digest('hex');
    expect(sign(SECRET, signed, 1_700_000_000_999)).toBe(`t=1700000000,v1=${mac}`);
  });

  it('holds only for the same body, direction, request id and secret, and for 300 seconds', () => {
    const now = 1_700_000_000_000;
    const signature = sign(SECRET, signed, now);
    const holds = (change: object, secret = SECRET, at = now) =>
      isSignedBy(secret, signature, { ...signed, ...change }, at);
    expect(holds({})).toBe(true);
    expect(holds({}, SECRET, now + 299_000)).toBe(true);
    expect(holds({ body: new Uint8Array(6) })).toBe(false);
    expect(holds({ direction: 'response' })).toBe(false);
    expect(holds({ requestId: 'another' })).toBe(false);
    expect(holds({}, `${SECRET}!`)).toBe(false);
    expect(holds({}, SECRET, now + 301_000)).toBe(false);
    expect(holds({}, SECRET, now - 301_000)).toBe(false);
    for (const malformed of [null, '', 't=1', signature.toUpperCase(), `${signature}0`]) {
      expect(isSignedBy(SECRET, malformed, signed, now)).toBe(false);
    }
  });

  it('lets the judge answer 401 to another secret or an old time, before it judges anything', async () => {
    server = await startJudgeServer();
    await expect(connect({ secret: `${SECRET} not` }).judge(film(), soon())).rejects.toThrow('status 401');
    const late = Date.now() - 600_000;
    await expect(connect({ now: () => late }).judge(film(), soon())).rejects.toThrow('status 401');
    expect(server.submissions).toHaveLength(0);
  });

  it('lets the example answer from memory while a signature is valid, for twice as long if its clock is ahead', async () => {
    const signedAt = Date.now();
    let now = signedAt - 290_000;
    server = await startJudgeServer({ now: () => now });
    const judge = connect({ now: () => signedAt });
    const request = { requestId: 'a call', submissionId: 'a submission', onRetry: () => undefined };
    await judge.judge(film(), soon(), request);
    now = signedAt + 290_000;
    await judge.judge(film(), soon(), request);
    expect(server.submissions).toHaveLength(1);
  });

  const other = (signature: string) => signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const aged = (seconds: number) => (signature: string) =>
    signature.replace(/t=(\d+)/, (_, time) => `t=${Number(time) + seconds}`);

  it.each<[string, (signature: string) => string | null, RegExp]>([
    ['missing', () => null, /is missing: there is no liveness-signature/],
    ['malformed', (signature) => signature.toUpperCase(), /is not t=<seconds>,v1=<64 lower-case hex digits>/],
    [
      'another one',
      other,
      /was made with another secret, or not over response\.\d+\.[0-9a-f-]{36}\.[0-9a-f]{64}, which/,
    ],
    ['stale', aged(-900), /is \d+ seconds behind the clock here/],
    ['from a clock ahead', aged(900), /is \d+ seconds ahead of the clock here/],
  ])('fails a judgement with the reason when the signature of the answer is %s', async (_, change, words) => {
    server = await startJudgeServer({ misbehave: (__, answer) => changed(answer, change) });
    await expect(connect().judge(film(), soon())).rejects.toThrow(words);
    expect(server.requests).toHaveLength(1);
  });

  it('fails a judgement when the answer was signed for another request', async () => {
    let overheard: Response | null = null;
    server = await startJudgeServer({
      misbehave: async (_, answer) => {
        const response = await answer();
        const kept = overheard ?? response;
        overheard = response.clone();
        return kept.clone();
      },
    });
    await connect().judge(film(), soon());
    await expect(connect().judge(film({ sessionId: 'another' }), soon())).rejects.toThrow('or not over response.');
  });
});

describe('an HTTP judge that fails', () => {
  it('is asked again after a 503, under the same request id', async () => {
    server = await startJudgeServer({
      misbehave: (_, answer, count) => (count < 3 ? new Response(null, { status: 503 }) : answer()),
    });
    expect((await connect().judge(film(), soon())).livenessDecision).toBe('realface');
    const ids = server.requests.map(({ headers }) => headers.get('liveness-request-id'));
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it.each([
    [{ 'retry-after': '17' }, 17],
    [{ 'retry-after': '86400' }, 20],
    [{ 'retry-after': '0' }, 1],
    [{ 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' }, 5],
    [{}, 5],
  ])('gives JudgeBusy after three answers of 503 with %j, with a retry after %i s', async (headers, seconds) => {
    server = await startJudgeServer({ misbehave: () => new Response(null, { status: 503, headers }) });
    const busy = await connect()
      .judge(film(), soon())
      .catch((error: unknown) => error);
    expect(busy).toBeInstanceOf(JudgeBusy);
    expect((busy as JudgeBusy).retryAfterSeconds).toBe(seconds);
    expect(server.requests).toHaveLength(3);
  });

  it('gives a retry delay that fits twice into the element’s submit deadline', () => {
    expect(new JudgeBusy(Infinity).retryAfterSeconds * 2_000).toBeLessThan(DEFAULT_DEADLINES.submit);
  });

  it('judges a submission once when its answer is lost and it is sent again', async () => {
    server = await startJudgeServer({
      misbehave: async (_, answer, count) => {
        const response = await answer();
        return count === 1 ? new Response(null, { status: 502 }) : response;
      },
    });
    expect((await connect().judge(film(), soon())).livenessDecision).toBe('realface');
    expect(server.requests).toHaveLength(2);
    expect(server.submissions).toHaveLength(1);
  });

  it('is given timeoutMs for each try when it never answers, and no longer, then fails with a timeout', async () => {
    server = await startJudgeServer({ misbehave: () => new Promise(() => undefined) });
    const signal = soon();
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    await expect(connect({ timeoutMs: 800, retryAfterMs: [5] }).judge(film(), signal)).rejects.toThrow('timeout');
    expect(timeout.mock.calls).toEqual([[800], [800]]);
    timeout.mockRestore();
    expect(server.requests).toHaveLength(2);
  });

  it('is not asked again once the caller has aborted', async () => {
    const asking = new AbortController();
    server = await startJudgeServer({
      misbehave: () => {
        asking.abort(new Error('gone'));
        return new Promise(() => undefined);
      },
    });
    await expect(connect().judge(film(), asking.signal)).rejects.toThrow('gone');
    expect(server.requests).toHaveLength(1);
  });

  it('fails the judgement when nobody listens at its URL', async () => {
    server = await startJudgeServer();
    await server.close();
    await expect(connect().judge(film(), soon())).rejects.toThrow('fetch failed');
    server = await startJudgeServer();
  });

  it.each([
    ['redirects', () => Response.redirect('http://127.0.0.1:1/elsewhere', 307), 'status 307'],
    ['answers 500', () => new Response(null, { status: 500 }), 'status 500'],
    ['answers without end', () => new Response(endless()), 'has more than 1048576 bytes'],
  ])('is not asked again when it %s', async (_, misbehave, message) => {
    server = await startJudgeServer({ misbehave });
    await expect(connect().judge(film(), soon())).rejects.toThrow(message);
    expect(server.requests).toHaveLength(1);
  });
});

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
}
