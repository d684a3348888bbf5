/**
 * What the log may hold of a request: a token or key may have been sent in the place of an id or an origin, or anywhere
 * in the path.
 */
import { isUuid } from './uuid.js';

/** Stands for the rest. */
const HIDDEN = '{…}';
/** Characters of a path or an origin. The service's own paths are shorter, and so is every name of a host. */
const MOST_LOGGED = 253;

export type Loggable = ReturnType<typeof createLoggable>;

/** @param app may be given its routes until the first request comes */
export function createLoggable(apiKeys: readonly string[], app: { routes: readonly { path: string }[] }) {
  const keys: ReadonlySet<string> = new Set(apiKeys.map((key) => key.toLowerCase()));
  /** Every word of the service's paths; also the empty one, which stands before the first slash. */
  let words: ReadonlySet<string> | undefined;

  const isWord = (segment: string): boolean => {
    words ??= new Set(app.routes.flatMap(({ path }) => path.split('/')));
    return words.has(segment.toLowerCase());
  };
  /**
   * A key may be a UUID too, and ids are read in any case. A set looks for a hash of the whole text: how long it takes
   * does not tell how much of a key is right.
   */
  const isId = (text: string): boolean => isUuid(text) && !keys.has(text.toLowerCase());

  return {
    id: (text = '') => (isId(text) ? text : undefined),

    /** A client's own id may be of any form: a name or a number of a person too. */
    clientId: (text: string) => (text === '' || isId(text) ? text : HIDDEN),

    path: (path: string) =>
      path
        .split('/')
        .map((segment) => (isWord(segment) || isId(segment) ? segment : HIDDEN))
        .join('/')
        .slice(0, MOST_LOGGED),

    /** `null` is how browsers name the origin of a file or of a sandboxed frame. */
    origin: (text: string) => (text === 'null' || isOrigin(text) ? text.slice(0, MOST_LOGGED) : HIDDEN),
  };
}

export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
