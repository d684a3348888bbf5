/**
 * What the log may contain of a request: a client may have sent a token or key as an id or an origin, or anywhere in
 * the path.
 */
import { isUuid } from './uuid.js';

/** Replaces what must not be logged. */
const HIDDEN = '{…}';
/** Logged characters of a path or an origin. The service's own paths are shorter, and so is every host name. */
const MOST_LOGGED = 253;

export type Loggable = ReturnType<typeof createLoggable>;

/** @param app its routes are read at the first request, so they may be added until then */
export function createLoggable(apiKeys: readonly string[], app: { routes: readonly { path: string }[] }) {
  const keys: ReadonlySet<string> = new Set(apiKeys.map((key) => key.toLowerCase()));
  /** Every segment of the service's paths, including the empty one before the first slash. */
  let words: ReadonlySet<string> | undefined;

  const isWord = (segment: string): boolean => {
    words ??= new Set(app.routes.flatMap(({ path }) => path.split('/')));
    return words.has(segment.toLowerCase());
  };
  /**
   * An API key may be a UUID too, and must not be logged as an id; ids are compared in any case. The set looks up a
   * hash of the whole text, so the time that takes does not reveal how much of a key is right.
   */
  const isId = (text: string): boolean => isUuid(text) && !keys.has(text.toLowerCase());

  return {
    id: (text = '') => (isId(text) ? text : undefined),

    /**
     * A client may send anything as its request id, such as the name or number of a person, so only UUIDs are logged.
     */
    clientId: (text: string) => (text === '' || isId(text) ? text : HIDDEN),

    path: (path: string) =>
      path
        .split('/')
        .map((segment) => (isWord(segment) || isId(segment) ? segment : HIDDEN))
        .join('/')
        .slice(0, MOST_LOGGED),

    /** Browsers send `null` as the origin of a file or of a sandboxed frame. */
    origin: (text: string) => (text === 'null' || isOrigin(text) ? text.slice(0, MOST_LOGGED) : HIDDEN),
  };
}

export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
