/**
 * Whatever is sent, the service never answers 500, hangs, loses an audit entry, or puts a secret into an answer or the
 * log. `FUZZ_SEED` repeats a run, `FUZZ_RUNS` sets its length.
 */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../sha256-hex.js';
import { BACKENDS } from './backends.js';
import { API_KEY, SESSIONS, createClient, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { form, JPEG_HEAD, jpegOf, manifest, submission, submissionParts, type FormPart } from './submission.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1000);
const DEADLINE_MS = 10_000;
const many = { seed: SEED, numRuns: RUNS };

/** Must appear in no answer and no log line. */
let secrets: string[] = [];

function expectNoSecret(text: string): void {
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
}

async function expectSane(response: Response): Promise<string> {
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  expectNoSecret(text);
  if (response.status < 400) return text;
  expect(response.headers.get('x-ms-error-code')).toBe((JSON.parse(text) as { error: { code: string } }).error.code);
  return text;
}

const timed = () => ({ signal: AbortSignal.timeout(DEADLINE_MS) });

/** The bytes with one change: cut off, a byte flipped, or a range removed, repeated or inserted. */
function mutated(original: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const position = fc.nat(original.length - 1);
  const range = fc.tuple(position, fc.nat(200));
  const changed = (...pieces: Uint8Array[]) => new Uint8Array(Buffer.concat(pieces));
  return fc.oneof(
    position.map((at) => changed(original.subarray(0, at))),
    fc.tuple(position, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
      const flipped = changed(original);
      flipped[at] = (flipped[at] ?? 0) ^ mask;
      return flipped;
    }),
    range.map(([at, length]) => changed(original.subarray(0, at), original.subarray(at + length))),
    range.map(([at, length]) =>
      changed(original.subarray(0, at + length), original.subarray(at, at + length), original.subarray(at + length)),
    ),
    fc
      .tuple(
        position,
        fc.oneof(
          fc.uint8Array({ maxLength: 50 }),
          fc.constant(Buffer.from('\r\n--')),
          fc.constant(Buffer.from('\r\n\r\n')),
        ),
      )
      .map(([at, inserted]) => changed(original.subarray(0, at), inserted, original.subarray(at))),
  );
}

const name = fc.oneof(
  fc.constantFrom('manifest', 'frame', 'VerifyImage', 'Parameters', 'livenessOperationMode', '__proto__', ''),
  fc.string({ maxLength: 20 }),
);
const part: fc.Arbitrary<FormPart> = fc.record(
  {
    name,
    fileName: fc.oneof(
      fc.constantFrom('frame-000.jpg', 'frame-001.jpg', 'a"; name="manifest'),
      fc.string({ maxLength: 30 }),
    ),
    type: fc.oneof(fc.constantFrom('application/json', 'image/jpeg'), fc.string({ maxLength: 30 })),
    body: fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.uint8Array({ maxLength: 300 }),
      fc.constant(JSON.stringify(manifest())),
      fc.constant(JPEG_HEAD),
    ),
  },
  { requiredKeys: ['name', 'body'] },
);

/** A manifest with an arbitrary value in one place. */
const wrongManifest = fc
  .tuple(
    fc.constantFrom(
      'attemptId',
      'mode',
      'camera',
      'frames',
      'frames.0',
      'frames.1.points',
      'frames.0.faceRectangle.top',
    ),
    fc.jsonValue(),
  )
  .map(([path, value]) => {
    const changed = structuredClone(manifest()) as unknown as Record<string, unknown>;
    const keys = path.split('.');
    const holder = keys.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, changed);
    holder[keys.at(-1) ?? ''] = value;
    return changed as unknown as ReturnType<typeof manifest>;
  });

describe.each(BACKENDS)(`the service on %s, seed ${SEED}`, (backend) => {
  let service: RunningService;
  let client: Client;
  beforeAll(async () => {
    console.log(`fuzzing ${backend}: FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}`);
    service = await startService(backend, {
      limits: {
        sessionRequests: { count: 1e9, seconds: 60 },
        deviceAttempts: { count: 1e9, seconds: 60 },
        submissionsPerSession: 1e9,
        submissionBytes: 100_000,
      },
    });
    client = createClient(service.url);
    const keys = await service.database.selectFrom('signing_key').selectAll().execute();
    secrets = [API_KEY, ...keys.map(({ private_key }) => (JSON.parse(private_key) as { d: string }).d)];
  });
  afterAll(async () => {
    expectNoSecret(JSON.stringify(service.log));
    expect(service.log.filter(({ level }) => level === 'error')).toEqual([]);
    await service.close();
  });

  it('answers every submission with 204, 400 or 409, and audits each once with its digest', async () => {
    const { sessionId, authToken } = await startedSession(client);
    secrets.push(authToken.split('.')[2] ?? authToken);
    const valid = submission();
    const bodies = fc.oneof(
      mutated(valid.bytes).map((bytes) => ({ ...valid, bytes })),
      fc.array(part, { maxLength: 8 }).map((parts) => form(parts)),
      wrongManifest.map((changed) =>
        form([{ name: 'manifest', body: JSON.stringify(changed) }, ...submissionParts(manifest()).slice(1)]),
      ),
      fc.record({
        contentType: fc.oneof(
          fc.stringMatching(/^multipart\/form-data;? ?boundary=[\x20-\x7e]{0,80}$/),
          fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
        ),
        bytes: fc
          .oneof(fc.uint8Array({ maxLength: 500 }), fc.constant(valid.bytes))
          .map((bytes) => new Uint8Array(bytes)),
      }),
    );
    const expected = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(bodies, fc.option(fc.stringMatching(/^[\x20-\x7e]{0,60}$/)), async (body, contentDigest) => {
        const headers: Record<string, string> = contentDigest ? { 'content-digest': contentDigest } : {};
        const answer = await client.submit(authToken, body, headers);
        await expectSane(answer);
        expect([204, 400, 409]).toContain(answer.status);
        const digest = sha256Hex(body.bytes);
        expected.set(answer.headers.get('apim-request-id') ?? '', digest);
      }),
      many,
    );
    const audited = new Map<string, string>();
    for (let start = 0; ;) {
      const entries = await client.audit(sessionId, `?start=${start}`);
      for (const entry of entries) audited.set(entry.requestId, entry.digest);
      const last = entries.at(-1);
      if (!last) break;
      expect(last.id).toBe(audited.size);
      start = last.id;
    }
    expect(audited).toEqual(expected);
  }, 120_000);

  it('answers every request to create a session with 200 or 400', async () => {
    const content = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string({ maxLength: 200 }),
      fc
        .record(
          {
            livenessOperationMode: fc.oneof(fc.constantFrom('Passive', 'passiveactive'), fc.jsonValue()),
            deviceCorrelationId: fc.oneof(fc.string({ maxLength: 80, unit: 'binary' }), fc.jsonValue()),
            deviceCorrelationIdSetInClient: fc.oneof(fc.boolean(), fc.constantFrom('TRUE', 'false', 'no')),
            authTokenTimeToLiveInSeconds: fc.oneof(fc.double(), fc.integer(), fc.constantFrom('60', '1e3', '0x60')),
            sendResultsToClient: fc.jsonValue(),
            verifyConfidenceThreshold: fc.oneof(fc.double(), fc.string()),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
    );
    const image = { name: 'VerifyImage', fileName: 'a.jpg', body: jpegOf(Buffer.alloc(1500)) };
    const valid = form([
      { name: 'Parameters', body: JSON.stringify({ livenessOperationMode: 'Passive', deviceCorrelationId: 'a' }) },
      image,
    ]);
    const bodies = fc.oneof(
      content.map((body) => ({ contentType: 'application/json', bytes: new Uint8Array(Buffer.from(body)) })),
      content.map((body) => form([{ name: 'Parameters', body }, image])),
      fc.array(part, { maxLength: 6 }).map((parts) => form([...parts, image])),
      mutated(valid.bytes).map((bytes) => ({ ...valid, bytes })),
    );
    const path = fc.constantFrom(
      `v1.1-preview.1${SESSIONS}`,
      `v1.2-preview.1${SESSIONS}`,
      'v1.2-preview.1/detectLivenessWithVerify/singleModal/sessions',
      'v1.2/detectLiveness-sessions',
      'v1.2/detectLivenessWithVerify-sessions',
    );
    await fc.assert(
      fc.asyncProperty(path, bodies, async (to, { contentType, bytes }) => {
        const headers = { 'ocp-apim-subscription-key': API_KEY, 'content-type': contentType };
        const answer = await fetch(`${service.url}/face/${to}`, { method: 'POST', headers, body: bytes, ...timed() });
        await expectSane(answer);
        expect([200, 400]).toContain(answer.status);
      }),
      many,
    );
  }, 120_000);

  it('answers every path and query without a 5xx or a secret', async () => {
    const { sessionId } = await startedSession(client);
    const segment = fc.oneof(
      fc.constantFrom(
        'face',
        'v1.2',
        'v1.2-preview.1',
        'detectLiveness',
        'singleModal',
        'sessions',
        'audit',
        'session',
        'start',
      ),
      fc.constantFrom(
        sessionId,
        randomUUID(),
        '..',
        '.',
        '%00',
        '%2e%2e',
        '%',
        '%ff',
        '%F0%9F',
        '\\',
        'sessionImages',
        'operator',
        'api',
      ),
      fc.string({ maxLength: 20 }).map(encodeURIComponent),
    );
    const query = fc.tuple(
      fc.constantFrom('start', 'top', 'search', 'START'),
      fc.oneof(fc.integer().map(String), fc.string({ maxLength: 70, unit: 'binary' }).map(wellFormed)),
    );
    const target = fc
      .tuple(fc.array(segment, { maxLength: 8 }), fc.array(query, { maxLength: 3 }))
      .map(([segments, queries]) => `/${segments.join('/')}?${new URLSearchParams(queries).toString()}`);
    const known = fc
      .tuple(fc.constantFrom(SESSIONS, `${SESSIONS}/${sessionId}/audit`), fc.array(query, { maxLength: 3 }))
      .map(([path, queries]) => `/face/v1.2-preview.1${path}?${new URLSearchParams(queries).toString()}`);
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'HEAD');
    await fc.assert(
      fc.asyncProperty(fc.oneof(target, known), method, async (path, verb) => {
        const headers = { 'ocp-apim-subscription-key': API_KEY };
        const answer = await fetch(service.url + path, { method: verb, headers, ...timed() });
        // Answers to HEAD and OPTIONS have no body to check.
        if (verb === 'HEAD' || verb === 'OPTIONS') expect(answer.status).toBeLessThan(500);
        else await expectSane(answer);
      }),
      many,
    );
  }, 120_000);

  it('answers every set of header bytes without a 5xx or a secret, and stays healthy', async () => {
    const { authToken } = await startedSession(client);
    secrets.push(authToken.split('.')[2] ?? authToken);
    const value = fc.oneof(
      fc.constantFrom(
        'multipart/form-data; boundary=',
        'bearer',
        `Bearer ${authToken}`,
        'sha-256=::',
        'gzip',
        'null',
        '',
      ),
      fc.stringMatching(/^[\x21-\x7e\x80-\xff]{1,100}$/),
    );
    const gentle = fc.tuple(
      fc.constantFrom(
        'content-type',
        'client-request-id',
        'content-digest',
        'ocp-apim-subscription-key',
        'origin',
        'accept',
      ),
      value,
    );
    // Headers that may make Node's own parser refuse the request.
    const rough = fc.tuple(
      fc.constantFrom('content-length', 'transfer-encoding', 'expect', 'host', 'connection', 'upgrade', 'x'),
      fc.oneof(
        fc.constantFrom('chunked', '5', '-1', '1e9', '99999999999999999999', '100-continue', 'close'),
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      ),
    );
    const authorization = fc.oneof(
      fc.constant(`Bearer ${authToken}`),
      value.map((text) => `Bearer ${text}`),
      value,
    );
    const request = fc.record({
      path: fc.constantFrom('/session/start', '/detectLiveness/singleModal', '/session/attempt/end', SESSIONS),
      authorization,
      headers: fc.array(fc.oneof({ weight: 9, arbitrary: gentle }, { weight: 1, arbitrary: rough }), { maxLength: 5 }),
      body: fc.uint8Array({ maxLength: 60 }),
    });
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(request, async ({ path, headers, body, ...given }) => {
        const all = [
          ['host', 'localhost'],
          ['connection', 'close'],
          ['content-length', String(body.length)],
        ];
        const lines = [...all, ['authorization', given.authorization], ...headers].map(
          ([key, text]) => `${key}: ${text}\r\n`,
        );
        const head = `POST /face/v1.2-preview.1${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
        const answer = await exchange(service.url, Buffer.concat([Buffer.from(head, 'latin1'), body]));
        expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
        if (answer.includes('apim-request-id')) reached += 1;
        expectNoSecret(answer);
      }),
      many,
    );
    // Node's own parser refused the rest.
    expect(reached).toBeGreaterThan(RUNS / 2);
    expect((await fetch(`${service.url}/healthz`, timed())).status).toBe(200);
  }, 120_000);
});

/** Replaces lone surrogates, which cannot be encoded in a URL. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** Sends raw bytes. @returns all that was answered before the connection closed or was silent for 150 ms */
function exchange(url: string, bytes: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    const done = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    // The service rightly waits for a body that was announced and never comes; then this side closes the connection.
    socket.setTimeout(150, done);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', done);
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? done() : reject(error)));
    socket.write(bytes);
  });
}
