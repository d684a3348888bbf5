/** Reads a request body and checks its size before keeping its bytes. */
import { errors, ServiceError } from '../errors.js';

/**
 * @throws 413 as soon as the body is known to be larger than `maxBytes`, 400 if it is cut off (the client is gone by
 * then and does not receive the 400)
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (expectedBytes(request, 0) > maxBytes) throw errors.bodyTooLarge();
  try {
    return await read(request, maxBytes);
  } catch (error) {
    throw error instanceof ServiceError ? error : errors.bodyCutOff();
  }
}

/** @returns the body's declared length, or `unknown` if none is declared */
export function expectedBytes(request: Request, unknown: number): number {
  return Number(request.headers.get('content-length') ?? unknown);
}

/** Up to this size, reading the body as a stream costs more than the body itself and would save little. */
const SMALL_BODY_BYTES = 16 * 1024;

async function read(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  // The HTTP parser passes on no more bytes than Content-Length declares.
  if (expectedBytes(request, Infinity) <= SMALL_BODY_BYTES) return new Uint8Array(await request.arrayBuffer());
  if (!request.body) return new Uint8Array();
  const body = await readStream(request.body, expectedBytes(request, maxBytes), maxBytes);
  // If the connection breaks before the body is read, the stream ends at once, as if the body were empty. An abort
  // after a complete body is no error.
  const nothing = body.length === 0 && request.signal.aborted;
  if (nothing || body.length < expectedBytes(request, 0)) throw errors.bodyCutOff();
  return body;
}

/**
 * Copies the stream into one buffer of the reserved size, so that no chunk is kept. Each chunk costs the process some
 * 250 bytes and a few microseconds however small it is, and a client may send every byte as a chunk of its own. Honest
 * clients send chunks that fill a packet or a buffer, split only where a read of the socket ends.
 */
async function readStream(
  stream: ReadableStream<Uint8Array>,
  expected: number,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Uint8Array(expected);
  const mostPieces = 1024 + maxBytes / 256;
  let length = 0;
  let pieces = 0;
  for await (const piece of stream) {
    // Leaving the loop cancels the stream.
    if (length + piece.length > expected || ++pieces > mostPieces) throw errors.bodyTooLarge();
    body.set(piece, length);
    length += piece.length;
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
