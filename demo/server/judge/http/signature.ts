/**
 * Signatures of requests and responses with a shared secret, so that strangers can send neither: `liveness-signature:
 * t=<seconds>,v1=<hex>`, an HMAC-SHA256 over `<direction>.<t>.<request id>.<SHA-256 of the body, hex>`.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'liveness-signature';
export const REQUEST_ID_HEADER = 'liveness-request-id';

/** Seconds by which the time of a signature may differ from the clock here. */
export const TOLERANCE_SECONDS = 300;

export interface Signed {
  /** Signed as well, so that an overheard request cannot be sent back as a response. */
  direction: 'request' | 'response';
  requestId: string;
  body: Uint8Array;
}

/** @param now milliseconds since the epoch */
export function sign(secret: string, signed: Signed, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${digest(secret, textOf(seconds, signed))}`;
}

export function isSignedBy(secret: string, signature: string | null, signed: Signed, now: number): boolean {
  return flawOf(secret, signature, signed, now) === null;
}

/**
 * @returns null if the signature is valid; otherwise what is wrong, worded for the log to follow the words "The
 * signature"
 */
export function flawOf(secret: string, signature: string | null, signed: Signed, now: number): string | null {
  if (signature === null) return `is missing: there is no ${SIGNATURE_HEADER}`;
  const [, time, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (time === undefined || given === undefined) return 'is not t=<seconds>,v1=<64 lower-case hex digits>';
  const age = now / 1000 - Number(time);
  if (Math.abs(age) > TOLERANCE_SECONDS) {
    const [seconds, side] = [Math.round(Math.abs(age)), age > 0 ? 'behind' : 'ahead of'];
    return `is ${seconds} seconds ${side} the clock here, but at most ${TOLERANCE_SECONDS} are accepted`;
  }
  const text = textOf(Number(time), signed);
  const expected = digest(secret, text);
  if (timingSafeEqual(Buffer.from(expected), Buffer.from(given))) return null;
  return `was made with another secret, or not over ${text}, which ends with the hash of the body before any content-encoding`;
}

function textOf(seconds: number, { direction, requestId, body }: Signed): string {
  return `${direction}.${seconds}.${requestId}.${createHash('sha256').update(body).digest('hex')}`;
}

function digest(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}
