/**
 * Session tokens and the keys that sign them. A key pair is made when it is first needed, kept in the database, replaced
 * when it is old, and published until the last token it signed has expired.
 */
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  errors as joseErrors,
  type CryptoKey,
  type JWK,
} from 'jose';
import type { TokenClaims } from '../../../../src/protocol/token.js';
import { MOST_APART_MS } from '../../database/clock.js';
import type { Database, SigningKeyTable } from '../../database/schema.js';
import type { Log } from '../context.js';
import { errors } from '../errors.js';
import { isUuid } from '../uuid.js';
import { TOKEN_LIFETIME_SECONDS } from './token-lifetime.js';

const ALGORITHM = 'ES256';
/** A key older than this signs no new tokens. */
const SIGNING_KEY_LIFETIME_MS = 90 * 24 * 3_600_000;
/** Milliseconds after which a key is read from the database again: operators delete a leaked key there. */
const REMEMBERED_MS = 60_000;

export interface TokenOptions {
  /** Base URL of the service: issuer and audience. */
  publicUrl: string;
  now: () => number;
  log: Log;
}

interface VerifyingKey {
  key: CryptoKey;
  createdAt: number;
  readAt: number;
}

/** This service issues also the claims that an element can do without. */
type IssuedClaims = Required<TokenClaims>;

export interface Tokens {
  issue(claims: Omit<IssuedClaims, 'iss' | 'aud' | 'jti'>): Promise<string>;
  /** @throws 401 unless the token is one of ours and valid now. */
  verify(token: string): Promise<IssuedClaims>;
  /** The public keys of all tokens that may still be valid, as a JSON Web Key Set (RFC 7517). */
  keySet(): Promise<{ keys: JWK[] }>;
  /** Creation time of the oldest key that may have signed a token still valid now, in milliseconds since the epoch. */
  oldestKey(): number;
}

export function createTokens(database: Database, { publicUrl, now, log }: TokenOptions): Tokens {
  /** Verification keys by `kid`. */
  const verifying = new Map<string, VerifyingKey>();
  let signing: { kid: string; key: Promise<CryptoKey> } | null = null;

  function newestKey(): Promise<SigningKeyTable | undefined> {
    return database.selectFrom('signing_key').selectAll().orderBy('generation', 'desc').limit(1).executeTakeFirst();
  }

  async function signingKey(): Promise<SigningKeyTable> {
    const newest = await newestKey();
    if (newest && now() - newest.created_at < SIGNING_KEY_LIFETIME_MS) return newest;
    const key = await generateKey((newest?.generation ?? 0) + 1, now());
    // If another process has inserted this generation in the meantime, use its key.
    await database
      .insertInto('signing_key')
      .values(key)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const signs = (await newestKey()) ?? key;
    if (signs.kid === key.kid) log({ level: 'info', event: 'signing-key-made', kid: key.kid });
    return signs;
  }

  function oldestKey(): number {
    return now() - SIGNING_KEY_LIFETIME_MS - TOKEN_LIFETIME_SECONDS.max * 1000;
  }

  /** @throws 401 if there is no such key, or it is too old for any token */
  async function verifyingKey(kid: string): Promise<CryptoKey> {
    const remembered = verifying.get(kid);
    // The absolute value, because the clock may have been set back since.
    const isFresh = remembered !== undefined && Math.abs(now() - remembered.readAt) < REMEMBERED_MS;
    const { key, createdAt } = isFresh ? remembered : await readKey(kid);
    if (createdAt <= oldestKey()) throw errors.invalidToken();
    return key;
  }

  async function readKey(kid: string): Promise<VerifyingKey> {
    const readAt = now();
    const row = await database.selectFrom('signing_key').selectAll().where('kid', '=', kid).executeTakeFirst();
    if (!row) {
      // Otherwise the deleted key would count as fresh again if the clock were set back.
      verifying.delete(kid);
      throw errors.invalidToken();
    }
    const read = { key: await importKey(row.public_key), createdAt: row.created_at, readAt };
    verifying.set(kid, read);
    return read;
  }

  return {
    async issue(claims) {
      const { kid, private_key } = await signingKey();
      if (signing?.kid !== kid) signing = { kid, key: importKey(private_key) };
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
        .setIssuer(publicUrl)
        .setAudience(publicUrl)
        .setJti(crypto.randomUUID())
        .sign(await signing.key);
    },

    async verify(token) {
      try {
        const { payload } = await jwtVerify<IssuedClaims>(token, ({ kid }) => verifyingKey(readableKid(kid)), {
          algorithms: [ALGORITHM],
          issuer: publicUrl,
          audience: publicUrl,
          requiredClaims: ['sub', 'exp', 'iat', 'jti'],
          currentDate: new Date(now()),
        });
        // By this clock, the token was issued in the future. So the clock was set back, which would let the token live
        // longer. The tolerance is doubled because the process that issued the token may be ahead of the database, and
        // this one behind it.
        if (payload.iat * 1000 > now() + 2 * MOST_APART_MS) throw errors.invalidToken();
        return payload;
      } catch (error) {
        if (error instanceof joseErrors.JWTExpired) throw errors.tokenExpired(error.payload.sub);
        if (error instanceof joseErrors.JOSEError) throw errors.invalidToken();
        throw error;
      }
    },

    oldestKey,

    async keySet() {
      await signingKey();
      const keys = await database
        .selectFrom('signing_key')
        .selectAll()
        .where('created_at', '>', oldestKey())
        .orderBy('generation', 'desc')
        .execute();
      return {
        keys: keys.map(({ kid, public_key }) => ({
          ...(JSON.parse(public_key) as JWK),
          kid,
          alg: ALGORITHM,
          use: 'sig',
        })),
      };
    },
  };
}

function importKey(json: string): Promise<CryptoKey> {
  return importJWK(JSON.parse(json) as JWK, ALGORITHM) as Promise<CryptoKey>;
}

function readableKid(kid: unknown): string {
  if (typeof kid !== 'string' || !isUuid(kid)) throw errors.invalidToken();
  return kid;
}

async function generateKey(generation: number, createdAt: number): Promise<SigningKeyTable> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return {
    generation,
    kid: crypto.randomUUID(),
    created_at: createdAt,
    public_key: JSON.stringify(await exportJWK(publicKey)),
    private_key: JSON.stringify(await exportJWK(privateKey)),
  };
}
