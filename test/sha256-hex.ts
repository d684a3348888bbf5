import { createHash } from 'node:crypto';

/** 64 upper-case hex digits, by another implementation than the element's. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex').toUpperCase();
}
