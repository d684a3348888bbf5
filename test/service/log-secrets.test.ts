/** A token or key sent in the wrong place never reaches the log, which still says what was requested. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, createClient, createdSession, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { form, manifest, submission, submissionParts } from './submission.js';

const HEX_KEY = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const UUID_KEY = 'B12e033E-BDA7-4b83-A211-E721C661F30E';
const SLASHED_KEY = 'secret/sessions/of-the-tests';
const KEYS = [API_KEY, HEX_KEY, UUID_KEY, SLASHED_KEY];
const headers = { 'ocp-apim-subscription-key': API_KEY };
const SESSIONS = '/face/v1.2-preview.1/detectLiveness/singleModal/sessions';

/** Paths, queries and, below, headers in which a secret may be sent by mistake. */
const PATHS: Record<string, (secret: string) => string> = {
  'the session’s id': (secret) => `${SESSIONS}/${secret}`,
  'the session’s id, of the audit': (secret) => `${SESSIONS}/${secret}/audit`,
  'the session’s id, of the operator page': (secret) => `/operator/api/sessions/${secret}/images`,
  'the id of a picture': (secret) => `/face/v1.2-preview.1/session/sessionImages/${secret}`,
  'an unknown path': (secret) => `/face/v1.2/sessions/${secret}/of/${secret}`,
  'a path at the root': (secret) => `/${secret}`,
  'a query': (secret) => `${SESSIONS}?start=${secret}&top=${secret}`,
  'a search': (secret) => `/operator/api/sessions?search=${secret}&top=${secret}`,
};
const HEADERS = [
  'client-request-id',
  'ocp-apim-subscription-key',
  'authorization',
  'user-agent',
  'content-digest',
  'origin',
];

describe('the log', () => {
  let service: RunningService;
  let client: Client;
  let secrets: string[];
  beforeAll(async () => {
    service = await startService('SQLite', { apiKeys: KEYS });
    client = createClient(service.url);
    secrets = [(await createdSession(client)).authToken, ...KEYS];
  });
  afterAll(() => service.close());

  /** @returns the log lines of these requests */
  async function logged(ask: () => Promise<unknown>) {
    service.log.length = 0;
    await ask();
    expect(service.log).not.toEqual([]);
    return service.log;
  }

  /** Checks each part of the secret: the three of a token, those between the slashes of a key. */
  function expectNoSecret(lines: object, sent: string) {
    const log = JSON.stringify(lines).toLowerCase();
    for (const part of sent.split(/[./]/).filter((part) => part !== 'sessions')) {
      expect(log).not.toContain(part.slice(0, 40).toLowerCase());
    }
  }

  it.each(Object.keys(PATHS))('has no token and no key that was sent as %s', async (place) => {
    for (const secret of secrets) {
      // Ids are case-insensitive.
      for (const sent of [secret, secret.toLowerCase()]) {
        const url = service.url + PATHS[place]?.(sent);
        for (const init of [{ headers }, {}, { method: 'PUT' }, { method: 'OPTIONS' }]) {
          expectNoSecret(await logged(() => fetch(url, init)), secret);
        }
      }
    }
  });

  it.each(HEADERS)('has no token and no key that was sent in the header %s', async (name) => {
    for (const secret of secrets) {
      for (const value of [secret, `Bearer ${secret}`]) {
        const init = { headers: { ...headers, [name]: value } };
        expectNoSecret(await logged(() => fetch(service.url + SESSIONS, init)), secret);
        const start = (as: RequestInit) => () => fetch(`${client.base}/session/start`, { ...init, ...as });
        expectNoSecret(await logged(start({ method: 'POST', body: '{}' })), secret);
        expectNoSecret(await logged(start({ method: 'OPTIONS' })), secret);
      }
    }
  });

  it('has no token and no key that was sent in a body', async () => {
    const { authToken } = await startedSession(client);
    const parts = submissionParts(manifest());
    for (const secret of [authToken, ...KEYS]) {
      const bodies = [`"${secret}"`, secret, `{"${secret}":1}`, `{"deviceCorrelationId":{"${secret}":"${secret}"}}`];
      for (const body of bodies) {
        expectNoSecret(await logged(() => fetch(client.sessions, { method: 'POST', headers, body })), secret);
      }
      expectNoSecret(await logged(() => client.end(authToken, { attemptId: 1, reason: secret })), secret);
      const named = [...parts, { name: secret, fileName: secret, body: secret }];
      expectNoSecret(await logged(() => client.submit(authToken, form(named))), secret);
    }
  });

  it('has every path of the service as it was requested', async () => {
    const { paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as { paths: object };
    const documents = ['/docs', '/openapi.json', '/.well-known/jwks.json'];
    for (const path of [...Object.keys(paths), ...documents, '/']) {
      const asked = path.replace(/\{\w+\}/, randomUUID());
      expect(await logged(() => fetch(service.url + asked))).toMatchObject([{ path: asked }]);
    }
  });

  it('has {…} for the unknown segments of a path, and at most 253 characters of it', async () => {
    const path = async (asked: string) => (await logged(() => fetch(service.url + asked)))[0]?.['path'];
    expect(await path('/face/v1.3/detectLiveness/sessions')).toBe('/face/{…}/detectLiveness/sessions');
    expect(await path(`${SESSIONS}/`)).toBe(`${SESSIONS}/`);
    expect(await path('/wp-login.php')).toBe('/{…}');
    expect(await path('/a'.repeat(5000))).toBe('/{…}'.repeat(100).slice(0, 253));
  });

  it.each([
    ['a UUID', 'c7b7b2f4-0c0a-4f5e-9d1d-5f0a3b1c2d3e', 'c7b7b2f4-0c0a-4f5e-9d1d-5f0a3b1c2d3e'],
    ['empty', '', ''],
    ['anything else', '+49 30 123456', '{…}'],
  ])(
    'has client-request-id only if it is a UUID, and the audit has it as it was sent: %s',
    async (_, id, clientRequestId) => {
      const { sessionId, authToken } = await startedSession(client);
      const ask = () => client.submit(authToken, submission(), { 'client-request-id': id });
      expect(await logged(ask)).toMatchObject([{ clientRequestId }]);
      expect(await client.audit(sessionId)).toMatchObject([{ clientRequestId: id }]);
    },
  );

  it('says how many sessions a list showed, and to which key', async () => {
    const { sessionId } = await createdSession(client, { deviceCorrelationId: 'one-device' });
    const key = '8c18db7a';
    const search = (query: string) => logged(() => fetch(`${service.url}/operator/api/sessions?${query}`, { headers }));
    expect(await search('search=one-device')).toMatchObject([{ status: 200, key, sessions: 1 }]);
    expect(await search(`search=${sessionId}`)).toMatchObject([{ key, sessions: 1 }]);
    expect(await search('search=nobody')).toMatchObject([{ key, sessions: 0 }]);
    expect(await search('top=2')).toMatchObject([{ key, sessions: 2 }]);
    expect(await logged(() => fetch(`${client.sessions}?top=1`, { headers }))).toMatchObject([{ key, sessions: 1 }]);
  });

  it('has the same fingerprint of a key wherever it stands in the list of keys', async () => {
    const fingerprint = async (apiKeys: string[]) => {
      const other = await startService('SQLite', { apiKeys });
      await fetch(createClient(other.url).sessions, { headers });
      await other.close();
      return other.log[0]?.['key'];
    };
    expect(await fingerprint(KEYS)).toBe('8c18db7a');
    expect(await fingerprint([...KEYS].reverse())).toBe('8c18db7a');
  });

  it('has no key that was sent as a session’s id while the database fails', async () => {
    const broken = await startService('SQLite', { apiKeys: KEYS });
    await broken.database.destroy();
    await fetch(`${broken.url}${SESSIONS}/${UUID_KEY}`, { headers });
    expect(broken.log.map(({ level }) => level)).toEqual(['error', 'info']);
    expectNoSecret(broken.log, UUID_KEY);
    await broken.close();
  });
});
