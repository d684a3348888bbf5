import { createHash } from 'node:crypto';

/** The SHA-256 as 64 upper-case hex digits, computed by Node rather than by the element's own code. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex').toUpperCase();
}
