/** The published test vectors, hashed by this code and by Node's own SHA-256. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentDigest, digestHex, sha256 } from '../../src/protocol/digest.js';

interface Vector {
  name: string;
  bodyInBase64: string;
  digest: string;
  contentDigest: string;
}

const file = readFileSync(new URL('digest.vectors.json', import.meta.url), 'utf8');
const { vectors } = JSON.parse(file) as { vectors: Vector[] };

describe.each(vectors)('$name', ({ bodyInBase64, digest, contentDigest: header }) => {
  const body = new Uint8Array(Buffer.from(bodyInBase64, 'base64'));

  it('is hashed to the published digest, in both forms', async () => {
    const hash = await sha256(body);
    expect(digestHex(hash)).toBe(digest);
    expect(contentDigest(hash)).toBe(header);
  });

  it('is hashed to the published digest by Node', () => {
    expect(createHash('sha256').update(body).digest('hex').toUpperCase()).toBe(digest);
  });
});

it('docs/wire.md has the digest of `abc`', () => {
  const page = readFileSync(new URL('../../docs/wire.md', import.meta.url), 'utf8').replaceAll('\n', ' ');
  const { digest, contentDigest: header } = vectors.find(({ bodyInBase64 }) => atob(bodyInBase64) === 'abc') as Vector;
  expect(page).toContain(`For the body \`abc\`, the header is \`${header}\` and the digest is \`${digest}\``);
});

it('one flipped bit gives another digest', async () => {
  const body = new TextEncoder().encode('manifest and frames');
  const before = digestHex(await sha256(body));
  body[3] = (body[3] ?? 0) ^ 1;
  expect(digestHex(await sha256(body))).not.toBe(before);
});

it('a view is hashed without the rest of its buffer', async () => {
  const buffer = new TextEncoder().encode('--abc--');
  expect(digestHex(await sha256(buffer.subarray(2, 5)))).toBe(vectors[1]?.digest);
});

it('digestHex() keeps leading zeros', () => {
  expect(digestHex(new Uint8Array(32))).toBe('0'.repeat(64));
});
