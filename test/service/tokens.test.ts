/** Tokens and keys: only a token that the service issued, and that is valid now, opens anything. */
import { createHmac, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS } from './backends.js';
import { API_KEY, createClient, createdSession, startedSession, type Client, type CreatedSession } from './client.js';
import { startService, type RunningService } from './harness.js';
import { jpegOf, submission } from './submission.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const DAY = 86_400_000;

describe.each(BACKENDS)(`the service on %s, seed ${SEED}`, (backend) => {
  let service: RunningService;
  let client: Client;
  let session: CreatedSession;
  let now = Date.now();
  beforeAll(async () => {
    console.log(`tokens on ${backend}: FUZZ_SEED=${SEED}`);
    const sessionRequests = { count: 1e9, seconds: 60 };
    service = await startService(backend, { now: () => now, limits: { sessionRequests } });
    client = createClient(service.url);
    session = await createdSession(client);
  });
  afterAll(() => service.close());

  async function ownKey(): Promise<{ kid: string; privateKey: CryptoKey; publicKey: JWK }> {
    const query = service.database.selectFrom('signing_key').selectAll().orderBy('generation', 'desc');
    const { kid, private_key, public_key } = await query.executeTakeFirstOrThrow();
    const privateKey = (await importJWK(JSON.parse(private_key) as JWK, 'ES256')) as CryptoKey;
    return { kid, privateKey, publicKey: JSON.parse(public_key) as JWK };
  }

  /** The session's token with changed claims and header, signed with the service's own key unless `key` is given. */
  async function forged(
    claims: Record<string, unknown>,
    header: Record<string, unknown> = {},
    key?: CryptoKey,
  ): Promise<string> {
    const { kid, privateKey } = await ownKey();
    const payload = { ...decodeJwt(session.authToken), ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid, ...header }).sign(key ?? privateKey);
  }

  async function expectRefused(token: string, code = '401'): Promise<void> {
    const calls = [
      client.start(token),
      client.end(token, { attemptId: 1, reason: 'TimedOut' }),
      client.submit(token, submission()),
    ];
    for (const answer of await Promise.all(calls)) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('x-ms-error-code')).toBe(code);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="liveness", error="invalid_token"');
    }
  }

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('accepts a token signed with its own key by ES256', async () => {
    expect((await client.start(await forged({}))).status).toBe(200);
    expect(decodeProtectedHeader(session.authToken).alg).toBe('ES256');
  });

  it('sets verifyImageSetInClient only in tokens of sessions with verify that have no image', async () => {
    const claimOf = ({ authToken }: CreatedSession) => decodeJwt(authToken)['verifyImageSetInClient'];
    const withImage = await client.createWithVerify(jpegOf(Buffer.alloc(2000)));
    expect(claimOf(await createdSession(client, {}, 'detectLivenessWithVerify'))).toBe(true);
    expect(claimOf((await withImage.json()) as CreatedSession)).toBe(false);
    expect(claimOf(session), 'without verify').toBe(false);
  });

  it('refuses tokens that are not signed', async () => {
    const [, payload = '', signature = ''] = session.authToken.split('.');
    for (const alg of ['none', 'None', 'NONE', '']) {
      await expectRefused(`${part({ alg })}.${payload}.`);
      await expectRefused(`${part({ alg, kid: (await ownKey()).kid })}.${payload}.${signature}`);
    }
  });

  it('refuses tokens of a foreign key, whatever jwk, jku or kid they name', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await crypto.subtle.exportKey('jwk', publicKey);
    await expectRefused(await forged({}, {}, privateKey));
    await expectRefused(await forged({}, { jwk }, privateKey));
    await expectRefused(await forged({}, { jku: `${service.url}/.well-known/jwks.json`, kid: 'x' }, privateKey));
    for (const kid of ['', randomUUID(), "' or 1=1 --", '../../key', 'x'.repeat(5000), null, 7, {}]) {
      await expectRefused(await forged({}, { kid }, privateKey));
    }
  });

  it('refuses HS256 tokens whose secret is the public key', async () => {
    const { kid, publicKey } = await ownKey();
    const signed = `${part({ alg: 'HS256', kid })}.${session.authToken.split('.')[1] ?? ''}`;
    const signature = createHmac('sha256', JSON.stringify(publicKey)).update(signed).digest('base64url');
    await expectRefused(`${signed}.${signature}`);
  });

  it('refuses tokens with another aud or iss, or without a claim that every token has', async () => {
    await expectRefused(await forged({ aud: 'https://other.example' }));
    await expectRefused(await forged({ iss: 'https://other.example' }));
    for (const claim of ['exp', 'iat', 'aud', 'iss', 'sub', 'jti'])
      await expectRefused(await forged({ [claim]: undefined }));
  });

  it('refuses tokens that are not yet valid', async () => {
    await expectRefused(await forged({ nbf: Math.floor(now / 1000) + 60 }));
  });

  it('refuses tokens issued more than 120 seconds in the future', async () => {
    const issued = decodeJwt(session.authToken).iat ?? 0;
    const before = now;
    now = (issued - 120) * 1000;
    expect((await client.start(session.authToken)).status).toBe(200);
    now -= 1;
    await expectRefused(session.authToken);
    now = before;
  });

  it('refuses tokens that have expired, with TokenExpired', async () => {
    await expectRefused(await forged({ exp: Math.floor(now / 1000) - 1 }), 'TokenExpired');
    const { authToken } = await createdSession(client, { authTokenTimeToLiveInSeconds: 60 });
    const before = now;
    now += 58_000;
    expect((await client.start(authToken)).status).toBe(200);
    now += 2_001;
    await expectRefused(authToken, 'TokenExpired');
    now = before;
  });

  it('refuses tokens that were cut, changed or made up', async () => {
    const [head = '', payload = '', signature = ''] = session.authToken.split('.');
    await expectRefused(`${head}.${payload}`);
    await expectRefused(`${head}.${payload}.`);
    await expectRefused(`${head}..${signature}`);
    await expectRefused(`${session.authToken}.${signature}`);
    const valid = session.authToken;
    const anyToken = fc.oneof(
      fc.nat(valid.length - 1).map((end) => valid.slice(0, end)),
      fc
        .tuple(fc.nat(valid.length - 1), fc.stringMatching(/^[A-Za-z0-9_.-]$/))
        .map(([at, character]) => valid.slice(0, at) + character + valid.slice(at + 1)),
      fc
        .tuple(fc.jsonValue(), fc.jsonValue(), fc.stringMatching(/^[\w-]{0,90}$/))
        .map(([a, b, c]) => `${part(a)}.${part(b)}.${c}`),
      fc.stringMatching(/^[\x21-\x7e]{0,300}$/),
    );
    await fc.assert(
      fc.asyncProperty(anyToken, async (token) => {
        fc.pre(!isSame(token, valid));
        const answer = await client.start(token);
        expect(answer.status).toBe(401);
      }),
      { seed: SEED, numRuns: 600 },
    );
  });

  it('lets a token open its own session only, and takes neither a token as a key nor a key as a token', async () => {
    const [mine, theirs] = [await startedSession(client), await startedSession(client)];
    expect((await client.submit(mine.authToken, submission())).status).toBe(204);
    const read = await client.manage(`/detectLiveness/singleModal/sessions/${theirs.sessionId}`);
    expect(await read.json()).toMatchObject({ status: 'Started' });
    // A token is not accepted as a key.
    for (const name of ['authorization', 'ocp-apim-subscription-key']) {
      const headers = { [name]: name === 'authorization' ? `Bearer ${mine.authToken}` : mine.authToken };
      const answer = await fetch(`${client.base}/detectLiveness/singleModal/sessions/${mine.sessionId}`, { headers });
      expect(answer.status).toBe(401);
    }
    // A key is not accepted as a token.
    await expectRefused(API_KEY);
  });

  it('signs with a new key after 90 days, and publishes the old one until its tokens have expired', async () => {
    const keySet = async () => {
      const response = await fetch(`${service.url}/.well-known/jwks.json`);
      return ((await response.json()) as { keys: JWK[] }).keys;
    };
    const kidOf = (token: string) => decodeProtectedHeader(token).kid;
    const old = await createdSession(client, { authTokenTimeToLiveInSeconds: 86_400 });
    const before = now;
    now += 89.5 * DAY;
    const last = await createdSession(client, { authTokenTimeToLiveInSeconds: 86_400 });
    expect(kidOf(last.authToken)).toBe(kidOf(old.authToken));
    now += 0.5 * DAY;
    const first = await createdSession(client);
    expect(kidOf(first.authToken)).not.toBe(kidOf(old.authToken));
    expect((await keySet()).map(({ kid }) => kid)).toEqual([kidOf(first.authToken), kidOf(old.authToken)]);
    expect((await client.start(last.authToken)).status).toBe(200);
    now += 1.1 * DAY;
    expect((await keySet()).map(({ kid }) => kid)).toEqual([kidOf(first.authToken)]);
    expect(Object.keys((await keySet())[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    now = before;
  });
});

/** Whether both tokens decode to the same bytes: base64url may leave bits unused, so spellings can differ. */
function isSame(token: string, valid: string): boolean {
  const bytes = (text: string) => text.split('.').map((section) => Buffer.from(section, 'base64url').toString('hex'));
  return bytes(token).join('.') === bytes(valid).join('.');
}

describe('the API keys', () => {
  it('are all accepted when there are several, and none is logged', async () => {
    const apiKeys = ['the-old-key-of-the-back-end', 'the-new-key-of-the-back-end'];
    const service = await startService('SQLite', { apiKeys });
    const status = async (key: string) => {
      const headers = { 'ocp-apim-subscription-key': key };
      return (await fetch(`${createClient(service.url).base}/detectLiveness/singleModal/sessions`, { headers })).status;
    };
    for (const key of apiKeys) expect(await status(key)).toBe(200);
    expect(await status(API_KEY)).toBe(401);
    expect(JSON.stringify(service.log)).not.toContain('key-of-the-back-end');
    await service.close();
  });

  it('keep the service from starting when there is none or one is too short', async () => {
    await expect(startService('SQLite', { apiKeys: [] })).rejects.toThrow('API key');
    await expect(startService('SQLite', { apiKeys: ['short'] })).rejects.toThrow('API key');
  });
});
