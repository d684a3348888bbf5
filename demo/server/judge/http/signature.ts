/**
 * Both directions are signed with a shared secret, so that neither a stranger's question nor a stranger's answer counts:
 * `liveness-signature: t=<seconds>,v1=<hex>`, an HMAC-SHA256 over `<t>.<request id>.<SHA-256 of the body, hex>`.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'liveness-signature';
export const REQUEST_ID_HEADER = 'liveness-request-id';

/** Seconds a signature is good for, and by which two clocks may differ. */
const TOLERANCE_SECONDS = 300;

export interface Signed {
  requestId: string;
  body: Uint8Array;
}

/** @param now milliseconds since the epoch */
export function sign(secret: string, { requestId, body }: Signed, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${digest(secret, seconds, requestId, body)}`;
}

export function isSignedBy(
  secret: string,
  signature: string | null,
  { requestId, body }: Signed,
  now: number,
): boolean {
  const [, time, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature ?? '') ?? [];
  if (time === undefined || given === undefined) return false;
  if (Math.abs(now / 1000 - Number(time)) > TOLERANCE_SECONDS) return false;
  const expected = digest(secret, Number(time), requestId, body);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

function digest(secret: string, seconds: number, requestId: string, body: Uint8Array): string {
  const hash = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', secret).update(`${seconds}.${requestId}.${hash}`).digest('hex');
}
