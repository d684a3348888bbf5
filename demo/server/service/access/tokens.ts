/**
 * Session tokens and the keys that sign them. A key pair is made on first start, kept in the database, replaced when it
 * is old, and published until the last token it signed has expired.
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
import type { Database, SigningKeyTable } from '../../database/schema.js';
import { errors } from '../errors.js';

export const MAX_TOKEN_LIFETIME_SECONDS = 86_400;
const ALGORITHM = 'ES256';

export interface TokenOptions {
  /** Base URL of the service: issuer and audience. */
  publicUrl: string;
  /** A key older than this signs no more. */
  signingKeyLifetimeMs: number;
  now: () => number;
}

export interface Tokens {
  issue(claims: Omit<TokenClaims, 'iss' | 'aud' | 'jti'>): Promise<string>;
  /** @throws 401 unless the token is one of ours and valid now. */
  verify(token: string): Promise<TokenClaims>;
  /** The keys that unexpired tokens may be signed with, as a JSON Web Key Set (RFC 7517). */
  keySet(): Promise<{ keys: JWK[] }>;
  /** When the oldest key was made whose tokens can still be valid, milliseconds since the epoch. */
  oldestKey(): number;
}

export function createTokens(database: Database, { publicUrl, signingKeyLifetimeMs, now }: TokenOptions): Tokens {
  const imported = new Map<string, Promise<CryptoKey>>();

  function importKey(id: string, json: string): Promise<CryptoKey> {
    const key = imported.get(id) ?? (importJWK(JSON.parse(json) as JWK, ALGORITHM) as Promise<CryptoKey>);
    imported.set(id, key);
    return key;
  }

  function newestKey(): Promise<SigningKeyTable | undefined> {
    return database.selectFrom('signing_key').selectAll().orderBy('generation', 'desc').limit(1).executeTakeFirst();
  }

  async function signingKey(): Promise<SigningKeyTable> {
    const newest = await newestKey();
    if (newest && now() - newest.created_at < signingKeyLifetimeMs) return newest;
    const key = await generateKey((newest?.generation ?? 0) + 1, now());
    // Another process may have made this generation in the meantime: then its key is the one.
    await database
      .insertInto('signing_key')
      .values(key)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return (await newestKey()) ?? key;
  }

  function oldestKey(): number {
    return now() - signingKeyLifetimeMs - MAX_TOKEN_LIFETIME_SECONDS * 1000;
  }

  return {
    async issue(claims) {
      const key = await signingKey();
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: 'JWT' })
        .setIssuer(publicUrl)
        .setAudience(publicUrl)
        .setJti(crypto.randomUUID())
        .sign(await importKey(`${key.kid}:private`, key.private_key));
    },

    async verify(token) {
      try {
        const { payload } = await jwtVerify<TokenClaims>(
          token,
          async ({ kid }) => {
            const key = await database
              .selectFrom('signing_key')
              .selectAll()
              .where('kid', '=', readableKid(kid))
              .where('created_at', '>', oldestKey())
              .executeTakeFirst();
            if (!key) throw errors.invalidToken();
            return importKey(`${key.kid}:public`, key.public_key);
          },
          {
            algorithms: [ALGORITHM],
            issuer: publicUrl,
            audience: publicUrl,
            requiredClaims: ['sub', 'exp', 'jti'],
            currentDate: new Date(now()),
          },
        );
        return payload;
      } catch (error) {
        if (error instanceof joseErrors.JWTExpired) throw errors.tokenExpired();
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

function readableKid(kid: unknown): string {
  if (typeof kid !== 'string' || !/^[0-9a-f-]{36}$/.test(kid)) throw errors.invalidToken();
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
