/** What holds for every request: ids, origins, logs, documentation, and paths in upper or lower case. */
import { randomUUID } from 'node:crypto';
import { SmartRouter } from 'hono/router/smart-router';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { API_KEY, createClient, createdSession, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { submission } from './submission.js';

const ORIGIN = 'https://onboarding.example';

describe('the service', () => {
  let service: RunningService;
  let client: Client;
  /** Every route of the service except middleware, such as `get /sessions/{}`. */
  let routes: string[];
  beforeAll(async () => {
    const added = vi.spyOn(SmartRouter.prototype, 'add');
    service = await startService('SQLite', { allowedOrigins: [ORIGIN] });
    const all = added.mock.calls.map(([method, path]) => `${method.toLowerCase()} ${path.replace(/:\w+/, '{}')}`);
    routes = all.filter((route) => !/^all .*\*$/.test(route));
    added.mockRestore();
    client = createClient(service.url);
  });
  afterAll(() => service.close());

  it('gives every answer an apim-request-id of its own', async () => {
    const paths = [
      '/healthz',
      '/readyz',
      '/docs',
      '/openapi.json',
      '/.well-known/jwks.json',
      '/nothing',
      '/face/v1.2/x',
    ];
    const ids = await Promise.all(
      paths.map(async (path) => (await fetch(service.url + path)).headers.get('apim-request-id')),
    );
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(ids).size).toBe(paths.length);
  });

  it('reads paths, enum values and booleans in any case', async () => {
    const content = { livenessOperationMode: 'passiveACTIVE', deviceCorrelationId: 'a', sendResultsToClient: 'True' };
    const created = await client.manage('/DETECTliveness/singlemodal/SESSIONS', {
      method: 'POST',
      body: JSON.stringify(content),
    });
    const { sessionId, authToken } = (await created.json()) as { sessionId: string; authToken: string };
    expect(await (await client.start(authToken)).json()).toMatchObject({ livenessOperationMode: 'PassiveActive' });
    const answer = await fetch(`${service.url}/FACE/V1.2-Preview.1/detectLIVENESS/singlemodal`, {
      method: 'POST',
      headers: { authorization: `bearer ${authToken}`, 'content-type': submission().contentType },
      body: submission().bytes,
    });
    // 400, because each `submission()` has its own boundary, so content type and body do not belong together.
    expect(answer.status).toBe(400);
    expect((await client.submit(authToken, submission())).status).toBe(200);
    const read = await client.manage(`/detectLiveness/singleModal/sessions/${sessionId.toUpperCase()}`);
    expect(read.status).toBe(200);
  });

  it('sends cache-control: no-store with every answer except its documents and public keys', async () => {
    const session = await startedSession(client, { enableSessionImage: true });
    await client.submit(session.authToken, submission());
    const path = `/detectLiveness/singleModal/sessions/${session.sessionId}`;
    const audit = await client.manage(`${path}/audit`);
    const [{ sessionImageId }] = (await audit.clone().json()) as [{ sessionImageId: string }];
    const answers = [
      audit,
      await client.manage(path),
      await client.manage(`/session/sessionImages/${sessionImageId}`),
      await client.manage(`${path}x`),
      await client.start(session.authToken),
      await fetch(`${service.url}/operator/api/sessions`, { headers: client.withKey }),
      await fetch(`${service.url}/operator/api/sessions`),
      await fetch(`${service.url}/readyz`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 200, 200, 401, 200]);
    for (const { url, headers } of answers) expect([url, headers.get('cache-control')]).toEqual([url, 'no-store']);
    for (const open of ['/docs', '/openapi.json', '/.well-known/jwks.json']) {
      expect((await fetch(service.url + open)).headers.get('cache-control')).toBe(null);
    }
  });

  describe('for pages of other origins', () => {
    const preflight = (origin: string) =>
      fetch(`${client.base}/session/start`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,client-request-id,content-digest,content-type',
        },
      });

    it('allows configured origins, and lets them read the headers that the element needs', async () => {
      const allowed = await preflight(ORIGIN);
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      const headers = allowed.headers.get('access-control-allow-headers')?.split(',').sort();
      expect(headers).toEqual(['authorization', 'client-request-id', 'content-digest', 'content-type']);
      const { authToken } = await createdSession(client);
      const answer = await fetch(`${client.base}/session/start`, {
        method: 'POST',
        headers: { origin: ORIGIN, authorization: `Bearer ${authToken}` },
        body: '{}',
      });
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(answer.headers.get('access-control-allow-credentials')).toBe(null);
      const exposed = answer.headers.get('access-control-expose-headers')?.split(',').sort();
      expect(exposed).toEqual(['apim-request-id', 'retry-after', 'x-ms-error-code']);
      const refused = await fetch(`${client.base}/session/start`, { method: 'POST', headers: { origin: ORIGIN } });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    });

    it.each(['https://other.example', `${ORIGIN}.evil.example`, 'null'])(
      'does not allow %s, and logs it',
      async (origin) => {
        expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBe(null);
        expect(service.log.at(-1)).toMatchObject({ event: 'request', method: 'OPTIONS', refusedOrigin: origin });
      },
    );

    it.each([`${ORIGIN}/path`, `${ORIGIN}:443`, 'onboarding.example', 'two words'])(
      'does not log %s, which is not an origin',
      async (origin) => {
        await preflight(origin);
        expect(service.log.at(-1)).toMatchObject({ method: 'OPTIONS', refusedOrigin: '{…}' });
      },
    );

    it('logs at most 253 characters of a refused origin, and no allowed, missing or own one', async () => {
      const logged = async (request: Promise<Response>) => (await request) && service.log.at(-1)?.['refusedOrigin'];
      const long = `https://${'a'.repeat(5000)}.example`;
      expect(await logged(preflight(long))).toBe(long.slice(0, 253));
      expect(await logged(preflight(ORIGIN))).toBe(undefined);
      expect(await logged(fetch(`${client.base}/session/start`, { method: 'OPTIONS' }))).toBe(undefined);
      const ownPage = { method: 'POST', headers: { origin: service.url } };
      expect(await logged(fetch(`${client.base}/session/start`, ownPage))).toBe(undefined);
    });
  });

  it('logs one line for each request, with nothing of its body and no token, key or device id', async () => {
    await createdSession(client); // creates the signing key, which is logged in a line of its own
    service.log.length = 0;
    const { sessionId, authToken } = await startedSession(client, { deviceCorrelationId: 'the-secret-device' });
    const clientRequestId = randomUUID();
    const answer = await client.submit(authToken, submission(), { 'client-request-id': clientRequestId });
    const line = { level: 'info', event: 'request', method: 'POST', sessionId, milliseconds: expect.any(Number) };
    const path = (end: string) => `${new URL(client.base).pathname}${end}`;
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const started = { ...line, requestId, clientRequestId: '', status: 200 };
    // These are all fields of the lines.
    expect(service.log).toEqual([
      { ...started, path: path('/detectLiveness/singleModal/sessions'), key: '8c18db7a' },
      { ...started, path: path('/session/start') },
      {
        ...line,
        path: path('/detectLiveness/singleModal'),
        status: 204,
        requestId: answer.headers.get('apim-request-id'),
        clientRequestId,
      },
    ]);
    const log = JSON.stringify(service.log);
    for (const secret of [API_KEY, authToken, authToken.split('.')[2] ?? '', 'the-secret-device']) {
      expect(log).not.toContain(secret);
    }
  });

  it('compares only the first 64 characters of client-request-id, as documented', async () => {
    const long = 'a'.repeat(64);
    const { authToken } = await createdSession(client);
    for (const id of [`${long}b`, `${long}c`]) {
      const started = await client.start(authToken, {}, { 'client-request-id': id });
      expect(await started.json()).toMatchObject({ attemptId: 1 });
    }
    const { parameters } = (await documented()).paths['/face/v1.2/session/start']?.['post'] ?? {};
    expect(parameters?.[0]).toMatchObject({
      name: 'client-request-id',
      description: expect.stringContaining('64 characters'),
    });
  });

  const documented = async () => (await (await fetch(`${service.url}/openapi.json`)).json()) as Documented;
  const ask = (path: string, method: string) => fetch(service.url + path.replace(/\{\w+\}/, sampleId), { method });

  it('documents all that it answers: 42 operations, each of which answers 401 to strangers', async () => {
    const document = await documented();
    expect(document.openapi).toBe('3.1.0');
    const operations = operationsOf(document);
    expect(operations).toHaveLength(42);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    const documentedRoutes = operations.map(({ method, path }) =>
      `${method} ${path.replace(/\{\w+\}/, '{}')}`.toLowerCase(),
    );
    const open = ['/openapi.json', '/docs', '/.well-known/jwks.json', '/healthz', '/readyz'].map(
      (path) => `get ${path}`,
    );
    expect(routes.sort()).toEqual([...documentedRoutes, ...open].sort());
    for (const { path, method } of operations) {
      // The route exists, and refuses strangers; a path without a route would get 404.
      expect([path, (await ask(path, method)).status]).toEqual([path, 401]);
    }
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      const name = /^#\/components\/schemas\/(.+)$/.exec(reference ?? '')?.[1] ?? '';
      expect(document.components.schemas).toHaveProperty([name]);
    }
  });

  it('documents the headers that it reads and answers', async () => {
    for (const { path, method, security, parameters, requestBody, responses } of operationsOf(await documented())) {
      const { default: refusal, ...successes } = responses;
      const answered = ['apim-request-id', 'x-ms-error-code', 'www-authenticate'];
      const { headers } = await ask(path, method);
      expect([path, ...answered.filter((name) => headers.has(name))]).toEqual([path, ...answered]);
      expect(Object.keys(refusal?.headers ?? {}).sort()).toEqual([...answered, 'retry-after'].sort());
      for (const success of Object.values(successes)) expect(Object.keys(success.headers)).toEqual(['apim-request-id']);

      const isForm = 'multipart/form-data' in (requestBody?.content ?? {});
      const read = ['client-request-id', ...(isForm ? ['content-digest'] : [])];
      const sent = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
      expect([path, ...sent]).toEqual([path, ...(security[0] && 'token' in security[0] ? read : [])]);
    }
  });

  it('answers 405 to methods that a path does not have, with those it has in Allow', async () => {
    for (const [path, methods] of Object.entries((await documented()).paths)) {
      const answer = await ask(path, 'PUT');
      expect([path, answer.status, answer.headers.get('x-ms-error-code')]).toEqual([path, 405, '405']);
      expect(await answer.json()).toMatchObject({ error: { code: '405' } });
      const allowed = answer.headers.get('allow')?.toLowerCase().split(', ') ?? [];
      expect(allowed.sort()).toEqual([...Object.keys(methods), ...('get' in methods ? ['head'] : [])].sort());
    }
  });

  it('serves /docs as a page that loads nothing else', async () => {
    const page = await fetch(`${service.url}/docs`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain('/face/v1.2-preview.1/detectLiveness/singleModal/sessions');
    expect(text).not.toMatch(/<script|<link|<img|src=|@import/);
  });
});

interface DocumentedOperation {
  operationId: string;
  security: object[];
  parameters: { name: string; in: string }[];
  requestBody?: { content: object };
  responses: Record<string, { headers: object }>;
}

interface Documented {
  openapi: string;
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, unknown> };
}

function operationsOf({ paths }: Documented): (DocumentedOperation & { path: string; method: string })[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
}

const sampleId = 'b12e033e-bda7-4b83-a211-e721c661f30e';
