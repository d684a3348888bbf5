/** Every refusal: status, code, message, and the code again in the header. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noJudge } from '../../demo/server/judge/none.js';
import type { VerifyImageExamination } from '../../demo/server/judge/judge.js';
import { BACKENDS } from './backends.js';
import { API_KEY, SESSIONS, createClient, createdSession, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { form, jpegOf, manifest, submission, submissionParts, type FormPart } from './submission.js';

const INVALID_BODY = 'Incorrect request body provided. Please check the operation schema and try again.';
const INVALID_DEVICE =
  'A device correlation ID is required in the request body during session create or session start. ' +
  'Must not be null or empty, and be no more than 64 characters.';
const NOT_FOUND = 'Session ID is not found. The session ID is expired or does not exist.';
const device = { deviceCorrelationId: 'device' };
const passive = { livenessOperationMode: 'Passive', ...device };

describe.each(BACKENDS)('on %s', (backend) => {
  let service: RunningService;
  let client: Client;
  let examination: VerifyImageExamination = 'noFace';
  beforeAll(async () => {
    service = await startService(backend, {
      judge: { ...noJudge, examineVerifyImage: async () => examination },
      limits: { deviceAttempts: { count: 1000, seconds: 60 }, submissionBytes: 200_000, frames: 5, frameBytes: 50_000 },
    });
    client = createClient(service.url);
  });
  afterAll(() => service.close());

  async function expectRefusal(answer: Response | Promise<Response>, status: number, code: string, message?: string) {
    const response = await answer;
    const body = (await response.json()) as { error: { code: string; message: string } };
    expect({ status: response.status, ...body.error }).toMatchObject({ status, code, ...(message ? { message } : {}) });
    expect(Object.keys(body)).toEqual(['error']);
    expect(response.headers.get('x-ms-error-code')).toBe(code);
    expect(response.headers.get('apim-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }

  const create = (body: string) =>
    client.manage(SESSIONS, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  describe('creating a session is refused for', () => {
    it.each<[string, unknown, string, string]>([
      ['a body that is not an object', [], 'InvalidRequestBody', INVALID_BODY],
      [
        'a flag that is not a boolean',
        { ...passive, sendResultsToClient: 'perhaps' },
        'InvalidRequestBody',
        INVALID_BODY,
      ],
      [
        'no livenessOperationMode',
        device,
        'InvalidLivenessOperationMode',
        "Invalid livenessOperationMode specified. Must be 'Passive' or 'PassiveActive'.",
      ],
      [
        'an unknown livenessOperationMode',
        { ...device, livenessOperationMode: 'Active' },
        'InvalidLivenessOperationMode',
        "Invalid livenessOperationMode specified. Must be 'Passive' or 'PassiveActive'.",
      ],
      ...[59, 86_401, 600.5, 'soon', -600].map((value): [string, unknown, string, string] => [
        `a lifetime of ${value}`,
        { ...passive, authTokenTimeToLiveInSeconds: value },
        'InvalidTokenLifetime',
        'Invalid authTokenTimeToLiveInSeconds specified. Must be within 60 to 86400.',
      ]),
      ['no deviceCorrelationId', { livenessOperationMode: 'Passive' }, 'InvalidDeviceCorrelationId', INVALID_DEVICE],
      [
        'an empty deviceCorrelationId',
        { ...passive, deviceCorrelationId: '' },
        'InvalidDeviceCorrelationId',
        INVALID_DEVICE,
      ],
      ...['   ', 'a\u0000', 'a\u0085', '\u200b', 'a\u202eb', '\ud800', 'a\udc00'].map(
        (deviceCorrelationId): [string, unknown, string, string] => [
          `the deviceCorrelationId ${JSON.stringify(deviceCorrelationId)}`,
          { ...passive, deviceCorrelationId },
          'InvalidDeviceCorrelationId',
          INVALID_DEVICE,
        ],
      ),
      [
        'a deviceCorrelationId of 65 characters',
        { ...passive, deviceCorrelationId: 'x'.repeat(65) },
        'InvalidDeviceCorrelationId',
        INVALID_DEVICE,
      ],
      [
        'a deviceCorrelationId that the client is to set as well',
        { ...passive, deviceCorrelationIdSetInClient: true },
        'InvalidDeviceCorrelationId',
        INVALID_DEVICE,
      ],
    ])('%s', (_, body, code, message) => expectRefusal(create(JSON.stringify(body)), 400, code, message));

    it.each(['', '{', '{"a":1}}', '\u0000'])('a body that is not JSON: %j', (body) =>
      expectRefusal(create(body), 400, 'BadArgument', 'JSON parsing error.'),
    );

    it('a body beyond the size limit, whether its length is declared or not', async () => {
      await expectRefusal(create(`"${'x'.repeat(70_000)}"`), 413, 'RequestBodyTooLarge');
      const stream = new ReadableStream({
        start(controller) {
          for (let chunk = 0; chunk < 10; chunk++) controller.enqueue(new Uint8Array(10_000));
          controller.close();
        },
      });
      const chunked = client.manage(SESSIONS, { method: 'POST', body: stream, duplex: 'half' } as RequestInit);
      await expectRefusal(chunked, 413, 'RequestBodyTooLarge');
    });
  });

  describe('creating a session with verify is refused for', () => {
    const image = jpegOf(Buffer.alloc(2000));
    const parameters: FormPart = { name: 'Parameters', body: JSON.stringify(passive) };
    const createWith = (parts: FormPart[], version = 'v1.2-preview.1') => {
      const { contentType, bytes } = form(parts);
      const path = version === 'v1.2' ? '-sessions' : '/singleModal/sessions';
      return createClient(service.url, version).manage(`/detectLivenessWithVerify${path}`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: bytes,
      });
    };
    const withImage = (body: Uint8Array) => createWith([parameters, { name: 'VerifyImage', fileName: 'a', body }]);

    it.each<[string, VerifyImageExamination, string]>([
      ['an image without a face', 'noFace', 'No face detected in the image.'],
      ['an image with several faces', 'severalFaces', 'There is more than 1 face in the image.'],
      ['an image that cannot be decoded', 'undecodable', 'Decoding error, image format unsupported.'],
    ])('%s', async (_, found, message) => {
      examination = found;
      await expectRefusal(withImage(image), 400, 'InvalidImage', message);
    });

    it.each<[string, string, string]>([
      ['JPEG', '\xff\xd8\xff', 'No face detected in the image.'],
      ['PNG', '\x89PNG\r\n\x1a\n', 'No face detected in the image.'],
      ['BMP', 'BM', 'No face detected in the image.'],
      ['WebP', 'RIFF\0\0\0\0WEBP', 'No face detected in the image.'],
      ['GIF', 'GIF89a', 'Decoding error, image format unsupported.'],
      ['TIFF', 'II*\0', 'Decoding error, image format unsupported.'],
      ['SVG that says WebP', '<!--    WEBP--><svg', 'Decoding error, image format unsupported.'],
    ])(
      'a %s, by its first bytes: as without a face if the format is supported, else as undecodable',
      (_, head, message) => {
        examination = 'noFace';
        const bytes = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(2000)]);
        return expectRefusal(withImage(bytes), 400, 'InvalidImage', message);
      },
    );

    it('bytes that are no image', () =>
      expectRefusal(
        withImage(Buffer.alloc(2000, 'x')),
        400,
        'InvalidImage',
        'Decoding error, image format unsupported.',
      ));
    it('an image below 1 KB', () =>
      expectRefusal(withImage(image.subarray(0, 1023)), 400, 'InvalidImageSize', 'Image size is too small.'));
    it('an image above 6 MB', () => {
      const big = jpegOf(Buffer.alloc(6 * 1024 * 1024));
      return expectRefusal(withImage(big), 400, 'InvalidImageSize', 'Image size is too big.');
    });
    it('Parameters beyond their size limit', () => {
      const long = { ...parameters, body: JSON.stringify({ ...passive, more: 'x'.repeat(70_000) }) };
      return expectRefusal(
        createWith([long, { name: 'VerifyImage', fileName: 'a', body: image }]),
        413,
        'RequestBodyTooLarge',
      );
    });
    it('a body of 8 MB', () => expectRefusal(withImage(Buffer.alloc(8 * 1024 * 1024)), 413, 'RequestBodyTooLarge'));

    it.each<[string, FormPart[]]>([
      ['a body without an image', [parameters]],
      ['the same part twice', [parameters, parameters, { name: 'VerifyImage', fileName: 'a', body: image }]],
      [
        'Parameters that are not an object',
        [
          { name: 'Parameters', body: '[]' },
          { name: 'VerifyImage', body: image },
        ],
      ],
    ])('%s', (_, parts) => expectRefusal(createWith(parts), 400, 'InvalidRequestBody', INVALID_BODY));

    it('JSON in v1.2, where the client cannot bring the image', () =>
      expectRefusal(
        createClient(service.url, 'v1.2').manage('/detectLivenessWithVerify-sessions', {
          method: 'POST',
          body: JSON.stringify(passive),
        }),
        400,
        'InvalidRequestBody',
        INVALID_BODY,
      ));
  });

  describe('a request with the API key is refused for', () => {
    const unknown = randomUUID();
    it.each([
      ['GET', `${SESSIONS}/${unknown}`],
      ['DELETE', `${SESSIONS}/${unknown}`],
      ['GET', `${SESSIONS}/${unknown}/audit`],
      ['GET', `${SESSIONS}/%00`],
      ['GET', `/detectLivenessWithVerify/singleModal/sessions/${unknown}`],
    ])('a session that does not exist: %s %s', (method, path) =>
      expectRefusal(client.manage(path, { method }), 404, 'SessionNotFound', NOT_FOUND),
    );

    it('a session of the other type', async () => {
      const { sessionId } = await createdSession(client);
      const path = `/detectLivenessWithVerify/singleModal/sessions/${sessionId}`;
      await expectRefusal(client.manage(path), 404, 'SessionNotFound', NOT_FOUND);
    });

    it.each(['0', '1001', '-1', 'many', '1.5', ''])('the parameter top=%s', async (top) => {
      const message = 'Top parameter is invalid. Valid range is between 1 and 1000 inclusive.';
      await expectRefusal(client.manage(`${SESSIONS}?top=${top}`), 400, 'BadArgument', message);
      await expectRefusal(client.manage(`${SESSIONS}/${unknown}/audit?top=${top}`), 400, 'BadArgument', message);
    });

    it('a start parameter of more than 64 characters', async () => {
      const query = `?start=${'1'.repeat(65)}`;
      await expectRefusal(client.manage(SESSIONS + query), 400, 'BadArgument', "'start' is too long.");
      const audit = client.manage(`${SESSIONS}/${unknown}/audit${query}`);
      await expectRefusal(audit, 400, 'BadArgument', "'start' is too long.");
    });

    it.each(['x', '-1', '1.5', '%00', '99999999999999999999'])('the parameter start=%s of an audit', (start) =>
      expectRefusal(
        client.manage(`${SESSIONS}/${unknown}/audit?start=${start}`),
        400,
        'BadArgument',
        "Start parameter is invalid. Please specify the 'Id' field of the last entry to continue the listing process.",
      ),
    );

    it('a session image that does not exist', () =>
      expectRefusal(client.manage(`/session/sessionImages/${unknown}`), 404, 'SessionImageNotFound'));
    it.each(['/nothing', '/../healthz/x', '/detectLiveness'])('a path without an operation: %s', (path) =>
      expectRefusal(client.manage(path), 404, '404', 'Resource not found.'),
    );
    it('an unknown API version', () =>
      expectRefusal(createClient(service.url, 'v1.0').manage(SESSIONS), 404, '404', 'Resource not found.'));
    it('a list of sessions in v1.2, which no longer has one', async () => {
      const newer = createClient(service.url, 'v1.2');
      await expectRefusal(newer.manage(SESSIONS), 404, '404');
      await expectRefusal(newer.manage('/detectLiveness-sessions'), 405, '405');
    });
  });

  describe('a request is refused with 401 when the API key is', () => {
    it.each([
      ['missing', undefined],
      ['empty', ''],
      ['one character too long', `${API_KEY}2`],
      ['one character too short', API_KEY.slice(0, -1)],
    ])('%s', async (_, key) => {
      const headers: Record<string, string> = key === undefined ? {} : { 'ocp-apim-subscription-key': key };
      for (const url of [`${client.base}${SESSIONS}`, `${service.url}/operator/api/sessions`]) {
        const answer = await fetch(url, { headers });
        await expectRefusal(answer, 401, '401');
        expect(answer.headers.get('www-authenticate')).toBe(
          'AzureApiManagementKey realm="liveness", name="Ocp-Apim-Subscription-Key", type="header"',
        );
      }
    });
  });

  it('a start is refused with 401 without a bearer token', async () => {
    for (const authorization of ['', 'Basic YTpi']) {
      const request = { method: 'POST', headers: { authorization }, body: '{}' };
      const answer = await fetch(`${client.base}/session/start`, request);
      await expectRefusal(answer, 401, '401');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="liveness"');
    }
  });

  describe('a start is refused when the deviceCorrelationId', () => {
    it('is sent though the session has one', async () => {
      const { authToken } = await createdSession(client);
      await expectRefusal(client.start(authToken, device), 400, 'InvalidDeviceCorrelationId', INVALID_DEVICE);
    });

    it('is missing, invalid or another one where the client is to send it', async () => {
      const { authToken } = await createdSession(client, {
        deviceCorrelationId: null,
        deviceCorrelationIdSetInClient: true,
      });
      for (const body of [{}, ...['', 'x'.repeat(65), '\ud800'].map((id) => ({ deviceCorrelationId: id }))]) {
        await expectRefusal(client.start(authToken, body), 400, 'InvalidDeviceCorrelationId', INVALID_DEVICE);
      }
      expect((await client.start(authToken, device)).status).toBe(200);
      const another = client.start(authToken, { deviceCorrelationId: 'another' });
      await expectRefusal(another, 400, 'InvalidDeviceCorrelationId', INVALID_DEVICE);
    });
  });

  describe('an attempt', () => {
    it('is refused with AttemptsExhausted after the third', async () => {
      const { authToken } = await createdSession(client);
      for (const remaining of [2, 1, 0]) {
        expect(await (await client.start(authToken)).json()).toMatchObject({ attemptsRemaining: remaining });
      }
      await expectRefusal(client.start(authToken), 403, 'AttemptsExhausted');
    });

    it('takes no submission unless it is open and the latest one (ConcurrentOperationConflict)', async () => {
      const conflict = [409, 'ConcurrentOperationConflict'] as const;
      const { authToken } = await createdSession(client);
      await expectRefusal(client.submit(authToken, submission()), ...conflict);
      await client.start(authToken);
      expect((await client.end(authToken, { attemptId: 1, reason: 'UserCanceledSession' })).status).toBe(204);
      await expectRefusal(client.submit(authToken, submission()), ...conflict);
      await client.start(authToken);
      await client.start(authToken);
      await expectRefusal(client.submit(authToken, submission(2)), ...conflict);
      expect((await client.submit(authToken, submission(3))).status).toBe(204);
      await expectRefusal(client.end(authToken, { attemptId: 3, reason: 'TimedOut' }), ...conflict);
    });

    it.each([{}, { attemptId: 1 }, { attemptId: 9, reason: 'TimedOut' }, { attemptId: 1, reason: 'not a code' }])(
      'cannot be ended with the body %j',
      async (body) => {
        const { authToken } = await startedSession(client);
        await expectRefusal(client.end(authToken, body), 400, 'InvalidRequestBody', INVALID_BODY);
      },
    );

    it('takes no submission of the other session type (WrongSessionType)', async () => {
      const { authToken } = await startedSession(client);
      const answer = client.submit(authToken, submission(), {}, 'detectLivenessWithVerify');
      await expectRefusal(answer, 403, 'WrongSessionType');
    });
  });

  describe('a submission is refused', () => {
    const parts = submissionParts(manifest());
    const frame = parts[1] as FormPart;
    it.each<[string, FormPart[]]>([
      ['without any part', []],
      ['without a manifest', parts.slice(1)],
      ['with a manifest that is not the first part', [...parts.slice(1), parts[0] as FormPart]],
      ['without frames', submissionParts({ ...manifest(), frames: [] })],
      ['with a frame missing', parts.slice(0, -1)],
      ['with a frame that is not in the manifest', [...parts, frame]],
      ['with frames in another order', [parts[0] as FormPart, parts[2] as FormPart, frame]],
      ['with a frame of another name', [...parts.slice(0, -1), { ...frame, fileName: '../frame-001.jpg' }]],
      ['with more frames than the limit', submissionParts(manifest(1, 6))],
      ['with an unknown part', [...parts, { name: 'extra', body: '1' }]],
      ['with an unknown mode in its manifest', submissionParts({ ...manifest(), mode: 'Active' as 'Passive' })],
    ])('%s', async (_, body) => {
      const { authToken } = await startedSession(client);
      await expectRefusal(client.submit(authToken, form(body)), 400, 'InvalidRequestBody', INVALID_BODY);
    });

    it('with a manifest that is not JSON', async () => {
      const { authToken } = await startedSession(client);
      const body = form([{ name: 'manifest', body: '{' }, ...parts.slice(1)]);
      await expectRefusal(client.submit(authToken, body), 400, 'BadArgument', 'JSON parsing error.');
    });

    it('with a manifest longer than that of the most frames could be', async () => {
      const { authToken } = await startedSession(client);
      const long = { ...manifest(), more: 'x'.repeat(5 * 4096) };
      await expectRefusal(client.submit(authToken, form(submissionParts(long))), 413, 'RequestBodyTooLarge');
    });

    it('when it is not multipart', async () => {
      const { authToken } = await startedSession(client);
      const body = { contentType: 'application/json', bytes: new Uint8Array(Buffer.from('{}')) };
      await expectRefusal(client.submit(authToken, body), 400, 'InvalidRequestBody', INVALID_BODY);
    });

    it('with a frame beyond the size limit', async () => {
      const { authToken } = await startedSession(client);
      await expectRefusal(client.submit(authToken, submission(1, 1, 60_000)), 400, 'InvalidImageSize');
    });

    it('when it is beyond the size limit as a whole', async () => {
      const { authToken } = await startedSession(client);
      await expectRefusal(client.submit(authToken, submission(1, 5, 45_000)), 413, 'RequestBodyTooLarge');
    });

    it('with a Content-Digest that is not that of its body', async () => {
      const { authToken } = await startedSession(client);
      const digest = `sha-256=:${Buffer.alloc(32).toString('base64')}:`;
      const answer = client.submit(authToken, submission(), { 'content-digest': digest });
      await expectRefusal(answer, 400, 'DigestMismatch');
    });

    it.each([
      'SHA-256=:AAAA:',
      'sha-256 =:AAAA:',
      'sha-256=AAAA',
      'sha-256',
      'sha-256=:AA',
      'sha-256=:A:',
      'sha-512=:AA,',
    ])('with the malformed Content-Digest %j', async (digest) => {
      const { authToken } = await startedSession(client);
      const answer = client.submit(authToken, submission(), { 'content-digest': digest });
      await expectRefusal(answer, 400, 'InvalidContentDigest');
    });

    it('with a verify image in a session without verify', async () => {
      const { authToken } = await startedSession(client);
      const image = { name: 'VerifyImage', fileName: 'a', body: jpegOf(Buffer.alloc(2000)) };
      await expectRefusal(client.submit(authToken, form([...parts, image])), 400, 'VerifyImageNotAllowed');
    });
  });
});
