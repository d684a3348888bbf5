/** What an operator finds in the log: who sent a request, about which session, and why it was refused. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Judge } from '../../demo/server/judge/judge.js';
import { VERSION } from '../../src/version.js';
import { API_KEY, SESSIONS, createClient, createdSession, startedSession, type Client } from './client.js';
import { startService, type RunningService } from './harness.js';
import { startProcess } from './process.js';
import { form, manifest, submission, submissionParts, type FormPart } from './submission.js';

const SECOND_KEY = 'another-key-for-the-tests';

describe('the log', () => {
  let service: RunningService;
  let client: Client;
  let now = Date.now();
  beforeAll(async () => {
    service = await startService('SQLite', { apiKeys: [API_KEY, SECOND_KEY], now: () => now });
    client = createClient(service.url);
    await createdSession(client); // creates the signing key, which is logged in a line of its own
  });
  afterAll(() => service.close());

  /** @returns the log line of the one request that `ask` makes */
  async function logged(ask: () => Promise<Response>) {
    service.log.length = 0;
    await (await ask()).text();
    expect(service.log).toHaveLength(1);
    return service.log[0];
  }

  it('has the error code of a refused request, and none for a successful one', async () => {
    const { authToken } = await startedSession(client);
    const forged = `${authToken.slice(0, -8)}AAAAAAAA`;
    const digest = { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` };
    const other = { 'ocp-apim-subscription-key': 'a-key-of-somebody-else' };
    expect(await logged(() => client.start(forged))).toMatchObject({ status: 401, code: '401' });
    expect(await logged(() => fetch(client.sessions, { headers: other }))).toMatchObject({ status: 401, code: '401' });
    expect(await logged(() => client.submit(authToken, submission(), digest))).toMatchObject({
      status: 400,
      code: 'DigestMismatch',
    });
    expect(await logged(() => client.manage('/nothing'))).toMatchObject({ status: 404, code: '404' });
    expect(await logged(() => client.manage(SESSIONS, { method: 'PUT' }))).toMatchObject({ status: 405, code: '405' });
    expect((await logged(() => client.submit(authToken, submission())))?.['code']).toBe(undefined);
  });

  const [, section = ''] = /^## The log$([^]*?)^## /m.exec(readFileSync('docs/service.md', 'utf8')) ?? [];
  const [documentedEvents, documentedFields] = section.split(/^\| field /m).map((table) => {
    const rows = [...table.matchAll(/^\| (`.*?) +\|/gm)];
    return rows.flatMap(([, names = '']) => [...names.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
  }) as [string[], string[]];

  it('has the documented fields of a request and no other', async () => {
    const line = await logged(() => client.manage(SESSIONS, { method: 'POST', body: '[]' }));
    // Fields that do not apply are undefined, and JSON omits them.
    expect(Object.keys(line ?? {}).sort()).toEqual(['level', 'event', ...documentedFields].sort());
  });

  it('has only documented events and fields of what goes wrong and of a purge', async () => {
    const judge: Judge = {
      judge: async (_, __, request) => {
        request?.onRetry(new Error('once'));
        throw new Error('twice');
      },
    };
    const other = await startService('SQLite', { judge, now: () => now });
    const otherClient = createClient(other.url);
    await otherClient.submit((await startedSession(otherClient)).authToken, submission());
    now += 48 * 3_600_000;
    await other.service.purge();
    now -= 48 * 3_600_000;
    await other.database.destroy();
    await otherClient.create();
    await other.close();
    const events = new Set(other.log.map(({ event }) => event));
    expect([...events].sort()).toEqual(
      ['signing-key-made', 'request', 'judge-retried', 'judge-failed', 'purged', 'unexpected'].sort(),
    );
    for (const event of events) expect(documentedEvents).toContain(event);
    for (const field of other.log.flatMap((line) => Object.keys(line))) expect(section).toContain(`\`${field}\``);
  });

  it('has the fingerprint of a valid API key, and nothing of another key', async () => {
    const asking = (key: string) => logged(() => client.manage(SESSIONS, { headers: key ? withKey(key) : {} }));
    const withKey = (key: string) => ({ 'ocp-apim-subscription-key': key });
    // The fingerprints that `printf %s KEY | sha256sum | cut -c1-8` prints.
    expect(await asking(API_KEY)).toMatchObject({ status: 200, key: '8c18db7a' });
    expect(await asking(SECOND_KEY)).toMatchObject({ status: 200, key: 'f7055737' });
    expect((await asking('a-key-of-somebody-else'))?.['key']).toBe(undefined);
    const { authToken } = await createdSession(client);
    expect((await logged(() => client.start(authToken)))?.['key']).toBe(undefined);
    expect(JSON.stringify(service.log)).not.toMatch(/key-for-the-tests|somebody/);
  });

  it('names the session that a request is about, whoever asks', async () => {
    let created: { sessionId: string; authToken: string } | undefined;
    const creation = await logged(async () => {
      const answer = await client.create({ enableSessionImage: true });
      created = (await answer.clone().json()) as typeof created;
      return answer;
    });
    const { sessionId = '', authToken = '' } = created ?? {};
    expect(creation?.['sessionId']).toBe(sessionId);
    await client.start(authToken);
    await client.submit(authToken, submission());
    const path = `${SESSIONS}/${sessionId}`;
    const [entry] = await client.audit(sessionId);
    const operator = `${service.url}/operator/api/sessions/${sessionId}/images`;
    for (const ask of [
      () => client.manage(path),
      () => client.manage(`${path}/audit`),
      () => client.manage(`/session/sessionImages/${entry?.sessionImageId}`),
      () => fetch(operator, { headers: client.withKey }),
      () => fetch(operator),
      () => client.manage(path, { method: 'DELETE' }),
      () => client.start(authToken),
    ]) {
      expect((await logged(ask))?.['sessionId']).toBe(sessionId);
    }
    expect((await logged(() => client.manage(`${SESSIONS}/what-is-no-id`)))?.['sessionId']).toBe(undefined);
  });

  it('names the session of an expired token, and none of a forged one', async () => {
    const { sessionId, authToken } = await createdSession(client, { authTokenTimeToLiveInSeconds: 60 });
    const [head = '', payload = ''] = authToken.split('.');
    now += 61_000;
    expect(await logged(() => client.start(authToken))).toMatchObject({ code: 'TokenExpired', sessionId });
    const forged = `${head}.${payload}.${'A'.repeat(86)}`;
    expect((await logged(() => client.start(forged)))?.['sessionId']).toBe(undefined);
    now -= 61_000;
  });

  it('has a path as it was sent, without its query', async () => {
    const path = '/face/v1.2-preview.1/detectLiveness/singleModal/SESSIONS';
    const line = await logged(() => fetch(`${service.url}${path}?start=a-device`, { headers: client.withKey }));
    expect(line).toMatchObject({ status: 200, path });
    expect(JSON.stringify(line)).not.toContain('a-device');
  });

  it('has a line for a probe only when it fails', async () => {
    const stopping = await startService('SQLite');
    const probe = () => Promise.all(['/healthz', '/readyz'].map((path) => fetch(stopping.url + path)));
    await probe();
    expect(stopping.log).toEqual([]);
    stopping.service.drain();
    await probe();
    expect(stopping.log).toMatchObject([{ event: 'request', path: '/readyz', status: 503 }]);
    await stopping.close();
  });

  describe('names the wrong part of a body, as the answer does, for', () => {
    /** @returns the target, which the answer and the log line must both have */
    async function targetOf(ask: () => Promise<Response>): Promise<string | undefined> {
      let target: string | undefined;
      const line = await logged(async () => {
        const answer = await ask();
        const body = (await answer.clone().json()) as { error: { code: string; target?: string } };
        expect(body.error.code).toBe('InvalidRequestBody');
        target = body.error.target;
        return answer;
      });
      expect(line).toMatchObject({ code: 'InvalidRequestBody', target });
      return target;
    }

    const parts = submissionParts(manifest());
    const [listing, first, second] = parts as [FormPart, FormPart, FormPart];
    const listed = (body: unknown): FormPart => ({ ...listing, body: JSON.stringify(body) });
    const withFrame = (change: (frame: Record<string, unknown>) => void) => {
      const changed = structuredClone(manifest());
      change(changed.frames[1] as unknown as Record<string, unknown>);
      return [listed(changed), first, second];
    };

    it.each<[string, FormPart[], string]>([
      ['an empty manifest', [listed({}), first], 'manifest.attemptId'],
      ['a manifest that is not an object', [listed([]), first], 'manifest'],
      ['no manifest', [first, second], 'manifest'],
      [
        'a missing measurement',
        withFrame((frame) => delete (frame['measurements'] as { motion?: number }).motion),
        'manifest.frames[1].measurements.motion',
      ],
      ['an unknown step', withFrame((frame) => (frame['step'] = 'secret')), 'manifest.frames[1].step'],
      ['a frame with another file name', [listing, first, { ...second, fileName: 'secret.jpg' }], 'frame[1]'],
      ['a frame that is in the manifest and was not sent', [listing, first], 'frame[1]'],
      ['a frame that is not in the manifest', [...parts, second], 'frame[2]'],
      [
        'the same frame twice',
        [listed({ ...manifest(), frames: Array(2).fill(manifest().frames[0]) }), first, first],
        'frame[1]',
      ],
      ['more frames than the limit', submissionParts(manifest(1, 33)), 'manifest.frames'],
      ['more frames than any limit can allow', submissionParts(manifest(1, 61)), 'parts[34]'],
      ['an unknown part', [...parts, { name: 'secret', body: '1' }], 'parts[3]'],
    ])('%s', async (_, body, target) => {
      const { authToken } = await startedSession(client);
      expect(await targetOf(() => client.submit(authToken, form(body)))).toBe(target);
      expect(JSON.stringify(service.log)).not.toContain('secret');
    });

    it('JSON instead of multipart', async () => {
      const { authToken } = await startedSession(client);
      const json = { contentType: 'application/json', bytes: new Uint8Array(Buffer.from('{}')) };
      expect(await targetOf(() => client.submit(authToken, json))).toBe('content-type');
    });

    it('an unknown reason or attempt, when an attempt is ended', async () => {
      const { authToken } = await startedSession(client);
      const end = (attemptId: number, reason: string) => targetOf(() => client.end(authToken, { attemptId, reason }));
      expect(await end(1, 'not a code')).toBe('reason');
      expect(await end(9, 'TimedOut')).toBe('attemptId');
    });

    it('a body or a flag of the wrong type, when a session is created', async () => {
      const create = (body: unknown) =>
        targetOf(() => client.manage(SESSIONS, { method: 'POST', body: JSON.stringify(body) }));
      const content = { livenessOperationMode: 'Passive', deviceCorrelationId: 'a' };
      expect(await create([])).toBe('body');
      expect(await create({ ...content, sendResultsToClient: 'perhaps' })).toBe('sendResultsToClient');
    });

    it('a part that is sent twice, in whatever case, or a missing verify image', async () => {
      const named = (...names: string[]) => form(names.map((name) => ({ name, body: '{}' })));
      const create = ({ contentType, bytes }: ReturnType<typeof form>, of = client, path = '/singleModal/sessions') =>
        targetOf(() =>
          of.manage(`/detectLivenessWithVerify${path}`, {
            method: 'POST',
            headers: { 'content-type': contentType },
            body: bytes,
          }),
        );
      expect(await create(named('Parameters', 'VerifyImage', 'parameters'))).toBe('parts[2]');
      expect(await create(named('VerifyImage', 'VerifyImage', 'Parameters'))).toBe('parts[1]');
      expect(await create(named('Parameters'))).toBe('VerifyImage');
      const stable = createClient(service.url, 'v1.2');
      expect(await create(named('livenessOperationMode'), stable, '-sessions')).toBe('verifyImage');
    });
  });
});

it('the process logs its start with version, build, URL, database and judge, and its stop', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'service-'));
  const environment = { LIVENESS_PUBLIC_URL: 'https://liveness.example/below' };
  const running = await startProcess({ location: { file: '' }, dataDirectory: directory, environment });
  expect(await running.end('SIGTERM')).toBe(0);
  rmSync(directory, { recursive: true });
  // Its last output may still be on its way.
  await vi.waitFor(() => expect(running.output()).toContain('"stopped"'), 20_000);
  const [address, ...lines] = running.output().trim().split('\n');
  expect(address).toMatch(/^Listening on /);
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events).toEqual([
    {
      time: expect.any(String),
      level: 'info',
      event: 'started',
      version: VERSION,
      build: expect.stringMatching(/^[0-9a-f]{12}$/),
      publicUrl: 'https://liveness.example/below',
      database: 'SQLite',
      judge: 'none',
    },
    { time: expect.any(String), level: 'info', event: 'stopping', signal: 'SIGTERM' },
    { time: expect.any(String), level: 'info', event: 'stopped' },
  ]);
});
