/** Reading a request's body with a limit that is checked before the bytes are kept. */
import { errors, ServiceError } from '../errors.js';

/**
 * @throws 413 as soon as it is known that the body is larger than `maxBytes`, 400 if it ends before it should (nobody is
 * left to read that)
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (expectedBytes(request, 0) > maxBytes) throw errors.bodyTooLarge();
  try {
    return await read(request, maxBytes);
  } catch (error) {
    throw error instanceof ServiceError ? error : errors.bodyCutOff();
  }
}

/** @returns what the body's length is said to be, or `unknown` where nothing is said */
export function expectedBytes(request: Request, unknown: number): number {
  return Number(request.headers.get('content-length') ?? unknown);
}

async function read(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!request.headers.has('content-length')) {
    return request.body ? readStream(request.body, maxBytes) : new Uint8Array();
  }
  // The HTTP parser hands over no more bytes than were declared.
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.length > maxBytes) throw errors.bodyTooLarge();
  return body;
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
