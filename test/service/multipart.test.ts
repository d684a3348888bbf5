/** How long a body holds up everybody else while it is looked through. */
import { expect, it } from 'vitest';
import { parseMultipart } from '../../demo/server/service/body/multipart.js';
import { DEFAULT_LIMITS } from '../../demo/server/service/limits.js';

const BOUNDARY = 'a-boundary-of-the-tests';

/** Milliseconds for the longest body there may be. */
function timeOf(fill: string, boundary = BOUNDARY): number {
  const start = Buffer.from(`--${boundary}\r\n`);
  const body = new Uint8Array(Buffer.concat([start, Buffer.alloc(DEFAULT_LIMITS.submissionBytes, fill)]));
  return quickest(() => expect(() => parseMultipart(body, `multipart/form-data; boundary=${boundary}`, 40)).toThrow());
}

/** For a look at each byte of such a body, one by one. */
function timeOfLooking(): number {
  const body = new Uint8Array(DEFAULT_LIMITS.submissionBytes);
  return quickest(() => {
    let seen = 0;
    for (let index = 0; index < body.length; index++) if (body[index] !== 1) seen++;
    expect(seen).toBe(body.length);
  });
}

/** Milliseconds, of the quickest of a few. */
function quickest(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    run();
    return performance.now() - begun;
  });
  return Math.min(...times);
}

it.each(['\r', '\r\n', '\r\n--', '\r\n--a-'])('a body of nothing but %j is searched about as fast as any', (fill) => {
  expect(timeOf(fill)).toBeLessThan(10 * timeOf('\0') + 10);
});

it('a boundary of one letter, which RFC 2046 allows, makes that slower, and not slow', () => {
  // Each first byte of so short a delimiter is a search of its own.
  expect(timeOf('\r', 'a')).toBeLessThan(15 * timeOfLooking());
});
