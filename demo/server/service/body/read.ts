/** Reading a request's body with a limit that is checked before the bytes are kept. */
import { errors } from '../errors.js';

/** @throws 413 as soon as it is known that the body is larger than `maxBytes`. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const declared = request.headers.get('content-length');
  if (declared !== null) {
    if (Number(declared) > maxBytes) throw errors.bodyTooLarge();
    // The HTTP parser hands over no more bytes than were declared.
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.length > maxBytes) throw errors.bodyTooLarge();
    return body;
  }
  return request.body ? readStream(request.body, maxBytes) : new Uint8Array();
}

async function readStream(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    // Leaving the loop cancels the stream.
    if (length > maxBytes) throw errors.bodyTooLarge();
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** @throws 400 if the bytes are not JSON in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw errors.jsonParsing();
  }
}
