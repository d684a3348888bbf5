import type { TokenClaims } from '../../src/protocol/token.js';

export const CLAIMS: TokenClaims = {
  iss: 'https://liveness.example',
  aud: 'https://liveness.example',
  sub: '8bf2a3f1-0d1c-4f7e-9f8a-2f4f1c0f6c11',
  jti: 'b1',
  iat: 1_700_000_000,
  exp: 4_102_444_800,
  mode: 'Passive',
  verify: false,
  deviceCorrelationIdSetInClient: false,
  ver: 'v1.2-preview.1',
};

/** A token with these claims. Its signature is invalid, since only the service checks it. */
export function tokenOf(claims: Partial<TokenClaims> = {}): string {
  const header = encode(JSON.stringify({ alg: 'ES256', typ: 'JWT' }));
  return `${header}.${encode(JSON.stringify({ ...CLAIMS, ...claims }))}.${encode('signature')}`;
}

/** Encodes UTF-8 as base64url, in Node and in browsers. */
export function encode(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
