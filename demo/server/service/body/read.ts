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

/**
 * A chunk costs the process some 250 bytes and a few microseconds however little is in it, and a sender may make one of
 * every byte. Honest ones send what fits a packet, or a buffer of 16 KiB and more: whatever is less counts as this.
 */
const LEAST_CHUNK_BYTES = 1024;

/** Into memory of the size that is set aside where no length is said, so that no chunk is kept. */
async function readStream(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Uint8Array(maxBytes);
  let length = 0;
  let counted = 0;
  for await (const chunk of stream) {
    counted += Math.max(chunk.length, LEAST_CHUNK_BYTES);
    // Leaving the loop cancels the stream.
    if (counted > maxBytes) throw errors.bodyTooLarge();
    body.set(chunk, length);
    length += chunk.length;
  }
  return body.subarray(0, length);
}

/** @throws 400 if the bytes are not JSON in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw errors.jsonParsing();
  }
}
