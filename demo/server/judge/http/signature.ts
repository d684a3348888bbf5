/**
 * Both directions are signed with a shared secret, so that neither a stranger's question nor a stranger's answer counts:
 * `liveness-signature: t=<seconds>,v1=<hex>`, an HMAC-SHA256 over `<direction>.<t>.<request id>.<SHA-256 of the body, hex>`.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'liveness-signature';
export const REQUEST_ID_HEADER = 'liveness-request-id';

/** Seconds a signature is good for, and by which two clocks may differ. */
const TOLERANCE_SECONDS = 300;

export interface Signed {
  /** An answer cannot be made of a question that was overheard. */
  direction: 'request' | 'response';
  requestId: string;
  body: Uint8Array;
}

/** @param now milliseconds since the epoch */
export function sign(secret: string, signed: Signed, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${digest(secret, seconds, signed)}`;
}

export function isSignedBy(secret: string, signature: string | null, signed: Signed, now: number): boolean {
  const [, time, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature ?? '') ?? [];
  if (time === undefined || given === undefined) return false;
  if (Math.abs(now / 1000 - Number(time)) > TOLERANCE_SECONDS) return false;
  const expected = digest(secret, Number(time), signed);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

function digest(secret: string, seconds: number, { direction, requestId, body }: Signed): string {
  const hash = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', secret).update(`${direction}.${seconds}.${requestId}.${hash}`).digest('hex');
}
