/**
 * The digest of a request: SHA-256 over the exact bytes of the HTTP request body.
 *
 * It is written in two ways: as 64 upper-case hex digits where people and audit entries read it, and in base64 in the
 * `Content-Digest` header (RFC 9530) where machines check it. Test vectors: `test/unit/digest.vectors.json`.
 */

/** @returns the 32 bytes of SHA-256 over `body`. */
export async function sha256(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', body));
}

/** @returns 64 upper-case hex digits for 32 bytes. */
export function digestHex(hash: Uint8Array): string {
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** @returns the value of a `Content-Digest` header for 32 bytes. */
export function contentDigest(hash: Uint8Array): string {
  return `sha-256=:${btoa(String.fromCharCode(...hash))}:`;
}
