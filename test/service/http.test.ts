/** What holds for every request: ids, origins, logs, health, documents, and paths in any case. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../demo/server/database/open.js';
import { noJudge } from '../../demo/server/judge/none.js';
import { BACKENDS } from './backends.js';
import { API_KEY, createClient, createdSession, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { standInPages, startProcess, type ServiceProcess } from './process.js';
import { submission } from './submission.js';

const ORIGIN = 'https://onboarding.example';

describe('the service', () => {
  let service: RunningService;
  let client: Client;
  beforeAll(async () => {
    service = await startService('SQLite', { allowedOrigins: [ORIGIN] });
    client = createClient(service.url);
  });
  afterAll(() => service.close());

  it('gives every answer an id', async () => {
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
    // Sent with a boundary of another body.
    expect(answer.status).toBe(400);
    expect((await client.submit(authToken, submission())).status).toBe(200);
    const read = await client.manage(`/detectLiveness/singleModal/sessions/${sessionId.toUpperCase()}`);
    expect(read.status).toBe(200);
  });

  it('lets nobody keep an answer but the documents', async () => {
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

  describe('and pages of other origins', () => {
    const preflight = (origin: string) =>
      fetch(`${client.base}/session/start`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,client-request-id,content-digest,content-type',
        },
      });

    it('allows those that are configured, and lets them read what the element needs', async () => {
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

    it.each(['https://other.example', `${ORIGIN}.evil.example`, 'null'])('does not allow %s', async (origin) => {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBe(null);
      expect(service.log.at(-1)).toMatchObject({ event: 'request', method: 'OPTIONS', refusedOrigin: origin });
    });

    it('logs of an origin no more than can be one, and none that is allowed or asks nothing', async () => {
      const logged = async (request: Promise<Response>) => (await request) && service.log.at(-1)?.['refusedOrigin'];
      const long = `https://${'a'.repeat(5000)}.example`;
      expect(await logged(preflight(long))).toBe(long.slice(0, 253));
      expect(await logged(preflight(ORIGIN))).toBe(undefined);
      expect(await logged(fetch(`${client.base}/session/start`, { method: 'OPTIONS' }))).toBe(undefined);
      const ownPage = { method: 'POST', headers: { origin: service.url } };
      expect(await logged(fetch(`${client.base}/session/start`, ownPage))).toBe(undefined);
    });
  });

  it('logs one line for a request, without token, key or body', async () => {
    service.log.length = 0;
    const { sessionId, authToken } = await startedSession(client, { deviceCorrelationId: 'the-secret-device' });
    const answer = await client.submit(authToken, submission(), { 'client-request-id': 'the-call' });
    expect(service.log).toHaveLength(3);
    expect(service.log[2]).toMatchObject({
      level: 'info',
      event: 'request',
      requestId: answer.headers.get('apim-request-id'),
      clientRequestId: 'the-call',
      sessionId,
      method: 'POST',
      status: 204,
    });
    const log = JSON.stringify(service.log);
    for (const secret of [API_KEY, authToken, authToken.split('.')[2] ?? '', 'the-secret-device']) {
      expect(log).not.toContain(secret);
    }
  });

  const documented = async () => (await (await fetch(`${service.url}/openapi.json`)).json()) as Documented;
  const ask = (path: string, method: string) => fetch(service.url + path.replace(/\{\w+\}/, sampleId), { method });

  it('documents exactly what it answers', async () => {
    const document = await documented();
    expect(document.openapi).toBe('3.1.0');
    const operations = operationsOf(document);
    expect(operations).toHaveLength(42);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, method } of operations) {
      // There, but not for strangers; what is not there is 404.
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

  it('refuses the methods that a path does not have, and says which it has', async () => {
    for (const [path, methods] of Object.entries((await documented()).paths)) {
      const answer = await ask(path, 'PUT');
      expect([path, answer.status, answer.headers.get('x-ms-error-code')]).toEqual([path, 405, '405']);
      expect(await answer.json()).toMatchObject({ error: { code: '405' } });
      const allowed = answer.headers.get('allow')?.toLowerCase().split(', ') ?? [];
      expect(allowed.sort()).toEqual([...Object.keys(methods), ...('get' in methods ? ['head'] : [])].sort());
    }
  });

  it('serves the documents as a page that needs nothing from anywhere', async () => {
    const page = await fetch(`${service.url}/docs`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain('/face/v1.2-preview.1/detectLiveness/singleModal/sessions');
    expect(text).not.toMatch(/<script|<link|<img|src=|@import/);
  });

  it('is healthy while it runs, and ready while its database answers and nobody stops it', async () => {
    const stopped = await startService('SQLite');
    const status = async (path: string) => (await fetch(stopped.url + path)).status;
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
    stopped.service.drain();
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
    await stopped.close();

    for (const backend of BACKENDS) {
      const broken = await startService(backend);
      await broken.database.destroy();
      expect((await fetch(`${broken.url}/readyz`)).status, backend).toBe(503);
      await broken.close();
    }
  });

  it.each([
    ['has started', () => undefined],
    ['could not be started', () => Promise.reject(new Error('no model'))],
  ])('is not ready before its judge %s', async (_, outcome) => {
    let end = (): void => undefined;
    const ready = new Promise<void>((resolve) => (end = resolve)).then(outcome);
    const starting = await startService('SQLite', { judge: { ...noJudge, ready: () => ready } });
    const status = async (path: string) => (await fetch(starting.url + path)).status;
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
    end();
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
    await starting.close();
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

describe('the process', () => {
  let directory: string;
  let running: ServiceProcess;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'service-'));
    mkdirSync(join(directory, 'dist/element/liveness-assets/wasm'), { recursive: true });
    writeFileSync(join(directory, 'dist/element/liveness-assets/wasm/vision.wasm'), '\0asm');
    running = await startProcess({
      location: { file: join(directory, 'liveness.db') },
      dataDirectory: directory,
      environment: { LIVENESS_API_KEYS: undefined, LIVENESS_DEMO: 'on' },
    });
  });
  afterAll(async () => {
    expect(await running.end('SIGTERM')).toBe(0);
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['/', 'text/html; charset=utf-8', 'onboarding'],
    ['/operator', 'text/html; charset=utf-8', 'operator'],
    ['/face-liveness.js', 'text/javascript; charset=utf-8', 'export'],
    ['/liveness-assets/wasm/vision.wasm', 'application/wasm', 'asm'],
  ])('serves %s as %s', async (path, type, content) => {
    const answer = await fetch(running.url + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toContain(content);
    const again = await fetch(running.url + path, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it('sends nothing again to whoever has it, in whatever list it is named and whatever a proxy made of its tag', async () => {
    const url = `${running.url}/face-liveness.js`;
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    const status = async (tags: string) => (await fetch(url, { headers: { 'if-none-match': tags } })).status;
    for (const tags of [`W/${etag}`, `"a", ${etag}`, `W/"a,b" ,W/${etag}`, '*']) {
      expect([tags, await status(tags)]).toEqual([tags, 304]);
    }
    for (const tags of ['"*"', 'W/"a"', etag.slice(1, -1), `w/${etag}`]) {
      expect([tags, await status(tags)]).toEqual([tags, 200]);
    }
  });

  it('lets no page put the operator page into a frame', async () => {
    for (const path of ['/operator', '/operator.html']) {
      const { headers } = await fetch(running.url + path);
      expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
    }
    expect((await fetch(`${running.url}/`)).headers.get('content-security-policy')).toBe(null);
  });

  it.each(['/..%2fapi-key', '/%2e%2e/api-key', '/../api-key', '/liveness.db', '/data/api-key'])(
    'does not serve %s',
    async (path) => {
      expect((await fetch(running.url + path)).status).toBe(404);
    },
  );

  it('makes a key of its own where none is given, and never says it', async () => {
    expect(running.output()).not.toMatch(/[0-9a-f]{64}/);
    expect(running.output()).toMatch(/^Listening on .*, with the API key in .*api-key$/m);
    const sessions = `${running.url}/face/v1.2-preview.1/detectLiveness/singleModal/sessions`;
    expect((await fetch(sessions, { headers: { 'ocp-apim-subscription-key': API_KEY } })).status).toBe(401);
    const key = readFileSync(join(directory, 'api-key'), 'utf8').trim();
    expect((await fetch(sessions, { headers: { 'ocp-apim-subscription-key': key } })).status).toBe(200);
    for (const file of ['api-key', 'liveness.db']) expect(statSync(join(directory, file)).mode & 0o077).toBe(0);
  });

  it('keeps for its owner alone what a backup put back', async () => {
    const file = join(directory, 'restored.db');
    const files = [file, `${file}-wal`];
    for (const path of files) {
      writeFileSync(path, '');
      chmodSync(path, 0o644);
    }
    const database = await openDatabase({ file });
    for (const path of [...files, `${file}-shm`]) expect(statSync(path).mode & 0o777, path).toBe(0o600);
    await database.destroy();
  });

  it('gives strangers a session only where the demo is asked for', async () => {
    const plain = await startProcess({
      location: { file: '' },
      dataDirectory: directory,
    });
    const ask = (url: string) =>
      fetch(`${url}/demo/api/sessions`, {
        method: 'POST',
        body: JSON.stringify({
          livenessOperationMode: 'Passive',
          sendResultsToClient: false,
          enableSessionImage: false,
        }),
      });
    const given = await ask(running.url);
    expect([given.status, given.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await ask(plain.url)).status).toBe(404);
    for (const path of ['/', '/index.html']) expect((await fetch(plain.url + path)).status).toBe(404);
    expect(await (await fetch(`${plain.url}/operator`)).text()).toContain('operator');
    expect((await fetch(`${plain.url}/demo/api/reports`)).status, 'by which the operator page knows').toBe(204);
    expect(await plain.end('SIGTERM')).toBe(0);
  });

  it('finds its pages beside itself, wherever it was started', async () => {
    const installed = mkdtempSync(join(tmpdir(), 'service-'));
    const main = join(standInPages(installed), 'server/main.js');
    cpSync('dist/server', dirname(main), { recursive: true });
    symlinkSync(resolve('node_modules'), join(installed, 'node_modules'));
    const elsewhere = await startProcess({
      location: { file: '' },
      dataDirectory: installed,
      environment: { DIST_DIR: undefined },
      main,
    });
    expect(await (await fetch(`${elsewhere.url}/operator`)).text()).toBe('<title>operator</title>');
    expect(await elsewhere.end('SIGTERM')).toBe(0);
    rmSync(installed, { recursive: true });
  });

  it.each([
    ['its pages', { DIST_DIR: '/nowhere' }, '/nowhere lacks element/face-liveness.js, demo/operator.html.'],
    ['what the default judge loads', { LIVENESS_JUDGE: 'default' }, 'liveness-assets lacks face_landmarker.task'],
  ])('does not start without %s, and names DIST_DIR', async (_, environment, message) => {
    const starting = startProcess({ location: { file: '' }, dataDirectory: directory, environment });
    const error: unknown = await starting.catch((reason: unknown) => reason);
    expect(String(error)).toContain(message);
    expect(String(error)).toContain('DIST_DIR');
  });

  it('says in one line what it cannot start with', async () => {
    const start = startProcess({
      location: { file: '' },
      dataDirectory: directory,
      environment: { PORT: new URL(running.url).port },
    });
    await expect(start).rejects.toThrow('The session service cannot start: listen EADDRINUSE');
    writeFileSync(join(directory, 'other.txt'), 'no folder');
    for (const [name, value] of [
      ['DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none'],
      ['DATA_DIR', join(directory, 'other.txt')],
    ]) {
      const starting = startProcess({
        location: { file: '' },
        dataDirectory: directory,
        environment: { [name ?? '']: value },
      });
      await expect(starting).rejects.toThrow(`cannot start: The database (${name}) cannot be used: `);
    }
  });
});
