import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeMultipart, type MultipartBody, type Part } from '../../worker/submit/multipart.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Parses with Node's own multipart parser (undici). */
function parse({ bytes, contentType }: MultipartBody): Promise<FormData> {
  return new Response(bytes, { headers: { 'content-type': contentType } }).formData();
}

it('writes exactly the bytes of RFC 7578', () => {
  const { contentType, bytes } = encodeMultipart(
    [
      { name: 'manifest', type: 'application/json', body: bytesOf('{}') },
      { name: 'frame', type: 'image/jpeg', fileName: 'frame-000.jpg', body: new Uint8Array([0xff, 0xd8, 13, 10, 0]) },
    ],
    'limit',
  );
  expect(contentType).toBe('multipart/form-data; boundary=limit');
  expect(Buffer.from(bytes).toString('latin1')).toBe(
    [
      '--limit',
      'Content-Disposition: form-data; name="manifest"',
      'Content-Type: application/json',
      '',
      '{}',
      '--limit',
      'Content-Disposition: form-data; name="frame"; filename="frame-000.jpg"',
      'Content-Type: image/jpeg',
      '',
      '\xff\xd8\r\n\0',
      '--limit--',
      '',
    ].join('\r\n'),
  );
});

it('returns a buffer with nothing behind the last byte', () => {
  const { bytes } = encodeMultipart([{ name: 'manifest', type: 'application/json', body: bytesOf('{}') }], 'limit');
  expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
});

it('gives the same bytes for the same parts and boundary', () => {
  const parts: Part[] = [{ name: 'frame', type: 'image/jpeg', fileName: 'a.jpg', body: new Uint8Array([1, 2]) }];
  expect(encodeMultipart(parts, 'b')).toEqual(encodeMultipart(parts, 'b'));
});

it('writes parts that are read back byte for byte, in order, whatever the bytes are', async () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(frames, async (bodies) => {
      const parts = bodies.map((body, index) => ({
        name: 'frame',
        type: 'image/jpeg',
        fileName: `frame-${index}.jpg`,
        body,
      }));
      const read = (await parse(encodeMultipart(parts, 'face-liveness-9f6c2a'))).getAll('frame') as File[];
      expect(read.map(({ name, type }) => ({ name, type }))).toEqual(
        parts.map(({ fileName, type }) => ({ name: fileName, type })),
      );
      for (const [index, file] of read.entries()) {
        expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array(bodies[index] ?? []));
      }
    }),
    { numRuns: 60 },
  );
});

it('keeps bytes that look like the end of a part', async () => {
  const body = bytesOf('\r\n--other--\r\nContent-Type: text/plain\r\n\r\n');
  const form = await parse(
    encodeMultipart([{ name: 'frame', type: 'image/jpeg', fileName: 'frame-000.jpg', body }], 'limit'),
  );
  expect(new Uint8Array(await (form.get('frame') as File).arrayBuffer())).toEqual(body);
});
