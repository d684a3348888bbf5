/** Parts whose content resembles the delimiter, many times over. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseMultipart } from '../../demo/server/service/body/multipart.js';

const BOUNDARY = 'bb';
const DELIMITER = `\r\n--${BOUNDARY}`;

function bodyOf(contents: readonly string[]): Uint8Array<ArrayBuffer> {
  const parts = contents.map(
    (content) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="part"\r\n\r\n${content}\r\n`,
  );
  return Uint8Array.from(Buffer.from(`${parts.join('')}--${BOUNDARY}--\r\n`, 'latin1'));
}

function read(contents: readonly string[]): string[] {
  const parts = parseMultipart(bodyOf(contents), `multipart/form-data; boundary=${BOUNDARY}`, 40);
  return parts.map(({ body }) => Buffer.from(body).toString('latin1'));
}

it('parseMultipart reads parts unchanged that resemble the delimiter but do not contain it', () => {
  const pieces = fc.array(fc.constantFrom('\r', '\n', '\r\n', '-', '\r\n-', '\r\n--', '\r\n--b', 'b', 'x'), {
    maxLength: 40,
  });
  // Leaves out contents that form the delimiter together with the line break before them or with what follows.
  const content = pieces.map((all) => all.join('')).filter((text) => !`\r\n${text}\r\n--b`.includes(DELIMITER));
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (contents) => {
      expect(read(contents)).toEqual(contents);
    }),
  );
});

it.each(['\r', '\r\n', '\r\n--', '\r\n--b', 'x\r'])(
  'parseMultipart reads parts unchanged that repeat %j thousands of times',
  (piece) => {
    const contents = [piece.repeat(5_000), '', piece.repeat(1_500)];
    expect(read(contents)).toEqual(contents);
  },
);
