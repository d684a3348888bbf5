/**
 * What the log may hold of a request: a token or key may have been sent in the place of an id, or anywhere in the path.
 */
import { digestHex, sha256 } from '../../../src/protocol/digest.js';
import { CLIENT_PATHS } from '../../../src/protocol/wire.js';
import type { KeyCheck } from './access/api-keys.js';
import { API_VERSIONS } from './api/operations.js';

/** Characters of a path. The service's own are shorter. */
const MOST_OF_PATH = 253;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Every word of the service's routes; also the empty one, which stands before the first slash. */
const WORDS: ReadonlySet<string> = new Set(
  [
    ...API_VERSIONS.map((version) => `/face/${version}`),
    ...Object.values(CLIENT_PATHS),
    '/sessions/audit',
    '/sessionImages',
    '/detectLiveness-sessions',
    '/detectLivenessWithVerify-sessions',
    '/operator/api/sessions/images',
    '/openapi.json',
    '/docs',
    '/.well-known/jwks.json',
    '/healthz',
    '/readyz',
  ].flatMap((path) => path.toLowerCase().split('/')),
);

export function createLoggable(findApiKey: KeyCheck) {
  /** A key may be a UUID too. Ids are read in any case. */
  const isId = (text: string): boolean =>
    UUID.test(text) && [text, text.toLowerCase(), text.toUpperCase()].every((form) => findApiKey(form) === 0);
  return {
    id: (text = '') => (isId(text) ? text : undefined),

    /** A client's own id may be of any form; one that is no UUID can still be found by its fingerprint. */
    clientId: async (text: string) => (text === '' || isId(text) ? text : fingerprint(text)),

    path: (path: string) =>
      path
        .split('/')
        .map((segment) => (WORDS.has(segment.toLowerCase()) || isId(segment) ? segment : '{…}'))
        .join('/')
        .slice(0, MOST_OF_PATH),
  };
}

/** @returns the first 8 hex digits of the text's SHA-256: enough to find it by, too little to learn it from */
export async function fingerprint(text: string): Promise<string> {
  return digestHex(await sha256(new TextEncoder().encode(text)))
    .slice(0, 8)
    .toLowerCase();
}
