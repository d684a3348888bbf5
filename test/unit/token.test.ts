import { describe, expect, it } from 'vitest';
import { decodeToken, type TokenClaims } from '../../src/protocol/token.js';
import { CLAIMS, encode, tokenOf } from './token-of.js';

it('reads the claims', () => {
  expect(decodeToken(tokenOf())).toEqual(CLAIMS);
});

it('reads base64url without padding', () => {
  // These bytes need both characters in which base64url differs from base64.
  const sub = '???>>>~~~ÿÿÿ';
  const token = tokenOf({ sub });
  expect(token).toContain('-');
  expect(token).toContain('_');
  expect(token).not.toContain('=');
  expect(decodeToken(token)?.sub).toBe(sub);
});

it.each([1, 2, 3, 4])('reads claims whatever padding they would need: %i', (length) => {
  const sub = 'x'.repeat(length);
  expect(decodeToken(tokenOf({ sub }))?.sub).toBe(sub);
});

it('reads characters beyond ASCII', () => {
  expect(decodeToken(tokenOf({ sub: 'Zoë 面 🙂' }))?.sub).toBe('Zoë 面 🙂');
});

it('ignores claims it does not know', () => {
  expect(decodeToken(tokenOf({ nbf: 1 } as Partial<TokenClaims>))?.sub).toBe(CLAIMS.sub);
});

describe('is null for', () => {
  const [header, payload, signature] = tokenOf().split('.');
  it.each([
    ['an empty string', ''],
    ['plain words', 'not a token'],
    ['an object', { type: 'click' } as never],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${header}.${payload}.${signature}.x`],
    ['an empty payload', `${header}..${signature}`],
    ['a payload that is not base64', `${header}.@@@@.${signature}`],
    ['a payload that is not JSON', `${header}.${encode('{"aud":')}.${signature}`],
    ['JSON null', `${header}.${encode('null')}.${signature}`],
    ['a JSON array', `${header}.${encode('[]')}.${signature}`],
    ['a JSON string', `${header}.${encode('"aud"')}.${signature}`],
  ])('%s', (_, token) => {
    expect(decodeToken(token)).toBeNull();
  });

  it.each(['aud', 'sub', 'exp', 'mode'] as const)('a token without %s', (claim) => {
    expect(decodeToken(tokenOf({ [claim]: undefined }))).toBeNull();
  });

  it.each([
    ['aud', 7],
    ['sub', null],
    ['exp', '1900000000'],
    ['mode', 'passive'],
    ['mode', 'Active'],
  ])('a token whose %s is %j', (claim, value) => {
    expect(decodeToken(tokenOf({ [claim]: value }))).toBeNull();
  });
});
