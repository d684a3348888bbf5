import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { LIVENESS_ERRORS } from '../../src/protocol/errors.js';
import { isPassing } from '../../src/protocol/passing.js';
import { failureOfResponse } from '../../src/protocol/service-failure.js';

const answer = (status: number, headers: Record<string, string> = {}, body: unknown = '') => ({
  status,
  header: (name: string) => headers[name] ?? null,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const errorBody = (code: string, message = 'why') => ({ error: { code, message } });

describe('failures by the code of the service, which says more than the status', () => {
  it.each([
    [401, 'TokenExpired', 'TokenExpired'],
    [404, 'SessionNotFound', 'SessionNotFound'],
    [403, 'AttemptsExhausted', 'AttemptsExhausted'],
    [429, 'AttemptsExhausted', 'AttemptsExhausted'],
    [400, 'DigestMismatch', 'DigestMismatch'],
    [409, 'ConcurrentOperationConflict', 'AttemptExpired'],
    [400, 'InvalidDeviceCorrelationId', 'InvalidDeviceCorrelationId'],
  ] as const)('%i %s is %s', (status, serviceCode, code) => {
    expect(failureOfResponse(answer(status, {}, errorBody(serviceCode)))).toMatchObject({ code, status, serviceCode });
    expect(failureOfResponse(answer(status, { 'x-ms-error-code': serviceCode }))).toMatchObject({ code, serviceCode });
  });
});

describe('failures by the status, if the code of the service is unknown', () => {
  it.each([
    [400, 'UnexpectedClientError'],
    [401, 'InvalidToken'],
    [403, 'UnexpectedClientError'],
    [404, 'SessionNotFound'],
    [408, 'ServerRequestTimedOut'],
    [409, 'UnexpectedClientError'],
    [413, 'UnexpectedClientError'],
    [429, 'TooManyRequests'],
    [500, 'UnexpectedServerError'],
    [502, 'UnexpectedServerError'],
    [503, 'UnexpectedServerError'],
    [504, 'UnexpectedServerError'],
  ] as const)('%i is %s', (status, code) => {
    expect(failureOfResponse(answer(status)).code).toBe(code);
    expect(failureOfResponse(answer(status, {}, errorBody('SomethingNew'))).code).toBe(code);
  });
});

describe('the table in docs/wire.md', () => {
  const page = readFileSync(new URL('../../docs/wire.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (.+?) +\| `(\w+)` +\| (yes|no) +\|$/gm)].map((row) => row.slice(1));
  // A code of the service that is known decides, whatever the status.
  const cases = rows.flatMap(([said = '', code, again]) => {
    const serviceCode = /^`(\w+)`/.exec(said)?.[1];
    const statuses = serviceCode ? [400, 503] : (said.match(/\d{3}/g) ?? []).map(Number);
    return statuses.map((status) => ({ status, serviceCode, code, again }));
  });

  it('has 12 rows with more than 20 cases', () => {
    expect(rows).toHaveLength(12);
    expect(cases.length).toBeGreaterThan(20);
  });

  it.each(cases)(
    'is right: $status $serviceCode is $code, tried again: $again',
    ({ status, serviceCode, code, again }) => {
      const failure = failureOfResponse(answer(status, {}, serviceCode ? errorBody(serviceCode) : ''));
      expect(failure.code).toBe(code);
      expect(isPassing(failure)).toBe(again === 'yes');
    },
  );
});

it('prefers the code in the header to the one in the body', () => {
  const response = answer(401, { 'x-ms-error-code': 'TokenExpired' }, errorBody('DigestMismatch'));
  expect(failureOfResponse(response)).toMatchObject({ code: 'TokenExpired', serviceCode: 'TokenExpired' });
});

it('takes over the service’s message, and leaves out fields that were not sent', () => {
  expect(failureOfResponse(answer(400, {}, errorBody('BadArgument', 'A frame is missing')))).toEqual({
    code: 'UnexpectedClientError',
    message: 'The service answered 400: A frame is missing',
    status: 400,
    serviceCode: 'BadArgument',
  });
  expect(failureOfResponse(answer(500))).toEqual({
    code: 'UnexpectedServerError',
    message: 'The service answered 500',
    status: 500,
  });
});

it.each([
  ['7', 7],
  ['0', undefined],
  ['-3', undefined],
  ['soon', undefined],
])('retry-after %s is %s seconds', (value, seconds) => {
  expect(failureOfResponse(answer(429, { 'retry-after': value })).retryAfter).toBe(seconds);
});

it.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', 7],
  ['Sun, 06 Nov 1994 08:49:30 GMT', undefined],
  ['Sun, 06 Nov 1994 08:00:00 GMT', undefined],
])('retry-after %s is %s seconds, at 08:49:30', (value, seconds) => {
  vi.useFakeTimers({ now: new Date('1994-11-06T08:49:30Z') });
  const { retryAfter } = failureOfResponse(answer(503, { 'retry-after': value }));
  vi.useRealTimers();
  expect(retryAfter).toBe(seconds);
});

it.each(['', 'no JSON', '<html>', 'null', '7', '{}', '{"error":null}', '{"error":{"code":3}}'])(
  'a body of %j leaves the failure to the status',
  (text) => {
    expect(failureOfResponse(answer(502, {}, text)).code).toBe('UnexpectedServerError');
  },
);

it('has a known code and a message whatever the service answers', () => {
  // Members of Object.prototype must not be found in the table of codes.
  const serviceCode = fc.oneof(fc.string(), fc.constantFrom('constructor', 'toString', '__proto__', 'valueOf'));
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 599 }), serviceCode, fc.string(), (status, code, text) => {
      for (const response of [answer(status, {}, errorBody(code)), answer(status, { 'x-ms-error-code': code }, text)]) {
        const failure = failureOfResponse(response);
        expect(Object.keys(LIVENESS_ERRORS)).toContain(failure.code);
        expect(failure.message).not.toBe('');
      }
    }),
  );
});
