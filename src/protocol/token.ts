/**
 * The session token: an ES256 JWT issued by the session service and opaque to the page. The element reads it to learn
 * where to go and what to do; it cannot verify it and need not, since the service does so on every request.
 */
import { LIVENESS_OPERATION_MODES, type LivenessOperationMode } from './wire.js';

/** The element needs the first four, which `decodeToken` checks; the others a service may leave out. */
export interface TokenClaims {
  /** Base URL of the service, to which the element sends. */
  aud: string;
  /** Session id. */
  sub: string;
  /** When the token expires, in seconds since the epoch. */
  exp: number;
  mode: LivenessOperationMode;
  /** True: the session compares the face with a verify image. */
  verify?: boolean;
  deviceCorrelationIdSetInClient?: boolean;
  /**
   * Whether the page has to provide the verify image. If the service does not say, the element learns it from the
   * answer to the upload.
   */
  verifyImageSetInClient?: boolean;
  /** API version the session was created with. */
  ver?: string;
  iss?: string;
  jti?: string;
  /** When the token was issued, in seconds since the epoch. */
  iat?: number;
}

/**
 * Reads the claims without checking the signature.
 *
 * @returns null if `token` is not a JWT with the claims the element needs.
 */
export function decodeToken(token: string | null | undefined): TokenClaims | null {
  try {
    // A page may pass anything.
    const parts = (token ?? '').split('.');
    if (parts.length !== 3 || !parts[1]) return null;
    const base64 = parts[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Partial<TokenClaims> | null;
    const readable =
      typeof claims?.aud === 'string' &&
      typeof claims.sub === 'string' &&
      typeof claims.exp === 'number' &&
      LIVENESS_OPERATION_MODES.some((mode) => mode === claims.mode);
    return readable ? (claims as TokenClaims) : null;
  } catch {
    return null;
  }
}
