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

/** Up to here the stream costs more than the body, and what it would save is little. */
const SMALL_BODY_BYTES = 16 * 1024;

async function read(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  // The HTTP parser hands over no more bytes than were declared.
  if (expectedBytes(request, Infinity) <= SMALL_BODY_BYTES) return new Uint8Array(await request.arrayBuffer());
  if (!request.body) return new Uint8Array();
  const body = await readStream(request.body, expectedBytes(request, maxBytes), maxBytes);
  // One that was cut off before it is read ends at once, as if nothing was to come; a whole one may be followed by an abort.
  const nothing = body.length === 0 && request.signal.aborted;
  if (nothing || body.length < expectedBytes(request, 0)) throw errors.bodyCutOff();
  return body;
}

/**
 * Into memory of the size that is set aside, so that no piece is kept: each costs the process some 250 bytes and a few
 * microseconds however little is in it, and a sender may make one of every byte. Honest ones send what fits a packet or a
 * buffer, and what they send is cut where a read of the socket ends.
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
