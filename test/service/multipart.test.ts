/** How long a body holds up everybody else while it is looked through. */
import { expect, it } from 'vitest';
import { parseMultipart } from '../../demo/server/service/body/multipart.js';
import { DEFAULT_LIMITS } from '../../demo/server/service/limits.js';

const BOUNDARY = 'a-boundary-of-the-tests';

/** Milliseconds, of the quickest of a few. */
function timeOf(fill: string): number {
  const start = Buffer.from(`--${BOUNDARY}\r\n`);
  const body = new Uint8Array(Buffer.concat([start, Buffer.alloc(DEFAULT_LIMITS.submissionBytes, fill)]));
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    expect(() => parseMultipart(body, `multipart/form-data; boundary=${BOUNDARY}`, 40)).toThrow();
    return performance.now() - begun;
  });
  return Math.min(...times);
}

it.each(['\r', '\r\n', '\r\n--', '\r\n--a-'])('a body of nothing but %j is searched about as fast as any', (fill) => {
  expect(timeOf(fill)).toBeLessThan(10 * timeOf('\0') + 10);
});
