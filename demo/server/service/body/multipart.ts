/**
 * Parses multipart/form-data (RFC 7578, RFC 2046 §5.1) from bytes in memory. A body that is not well-formed is refused
 * as a whole. Parts are views into the body, nothing is copied.
 */
import { errors } from '../errors.js';

export interface Part {
  name: string;
  /** Null if the part is a field, not a file. */
  fileName: string | null;
  /** Media type without parameters, in lower case; empty if none is given. */
  type: string;
  body: Uint8Array<ArrayBuffer>;
}

const MAX_HEADER_BYTES = 4096;
const TAB = 9;
const SPACE = 32;

/** @throws 400 InvalidRequestBody if `bytes` are not multipart/form-data or hold more than `maxParts` parts. */
export function parseMultipart(bytes: Uint8Array<ArrayBuffer>, contentType: string, maxParts: number): Part[] {
  const boundary = boundaryOf(contentType);
  if (boundary === null) throw errors.invalidRequestBody('content-type');
  const delimiter = ascii(`\r\n--${boundary}`);
  const first = delimiter.subarray(CRLF.length);
  // RFC 2046: whatever is before the first delimiter or after the last is ignored.
  const start = startsWith(bytes, first, 0) ? -CRLF.length : indexOf(bytes, delimiter, 0, bytes.length);
  if (start === -1) throw errors.invalidRequestBody('body');

  const parts: Part[] = [];
  let position = start + delimiter.length;
  while (!startsWith(bytes, DASHES, position)) {
    const target = `parts[${parts.length}]`;
    position = endOfLine(bytes, position, target);
    const end = indexOf(bytes, delimiter, position, bytes.length);
    if (end === -1 || parts.length === maxParts) throw errors.invalidRequestBody(target);
    parts.push(parsePart(bytes, position, end, target));
    position = end + delimiter.length;
  }
  return parts;
}

/** A delimiter may be followed by white space. @returns where the next line starts */
function endOfLine(bytes: Uint8Array, position: number, target: string): number {
  let end = position;
  while (bytes[end] === SPACE || bytes[end] === TAB) end++;
  if (!startsWith(bytes, CRLF, end)) throw errors.invalidRequestBody(target);
  return end + CRLF.length;
}

/** @returns null if `contentType` is not multipart/form-data with a boundary as RFC 2046 allows it. */
function boundaryOf(contentType: string): string | null {
  const boundary = parametersOf(contentType, 'multipart/form-data')?.get('boundary') ?? '';
  return /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/.test(boundary) ? boundary : null;
}

/** Parameters of a header such as `form-data; name="a"`; null if the header has another value or is not well-formed. */
function parametersOf(header: string, value: string): Map<string, string> | null {
  if (header.slice(0, value.length).toLowerCase() !== value) return null;
  const parameter = /\s*;\s*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/y;
  const parameters = new Map<string, string>();
  let position = (parameter.lastIndex = value.length);
  for (let match = parameter.exec(header); match; match = parameter.exec(header)) {
    const name = (match[1] ?? '').toLowerCase();
    if (parameters.has(name)) return null;
    parameters.set(name, match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? '');
    position = parameter.lastIndex;
  }
  return /^[\s;]*$/.test(header.slice(position)) ? parameters : null;
}

const CRLF = ascii('\r\n');
const DASHES = ascii('--');
const HEADERS_END = ascii('\r\n\r\n');

function parsePart(bytes: Uint8Array<ArrayBuffer>, start: number, end: number, target: string): Part {
  const headersEnd = indexOf(bytes, HEADERS_END, start, Math.min(end, start + MAX_HEADER_BYTES));
  if (headersEnd === -1) throw errors.invalidRequestBody(target);
  const headers = parseHeaders(new TextDecoder().decode(bytes.subarray(start, headersEnd)), target);
  const disposition = parametersOf(headers.get('content-disposition') ?? '', 'form-data');
  const name = disposition?.get('name');
  if (name === undefined) throw errors.invalidRequestBody(target);
  return {
    name,
    fileName: disposition?.get('filename') ?? null,
    type: (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    body: bytes.subarray(headersEnd + HEADERS_END.length, end),
  };
}

function parseHeaders(text: string, target: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const isName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name);
    if (colon <= 0 || !isName || headers.has(name)) throw errors.invalidRequestBody(target);
    headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array, at: number): boolean {
  if (at + prefix.length > bytes.length) return false;
  for (let index = 0; index < prefix.length; index++) if (bytes[at + index] !== prefix[index]) return false;
  return true;
}

const CR = 13;
/** About as many CR bytes as a JPEG of 250 kB contains. */
const MOST_HOPS = 1_000;

/**
 * `needle` is CRLF followed by a delimiter or by another CRLF, so after a mismatch only a CR can start a new match. The
 * search jumps from CR to CR with the native `indexOf`. After `MOST_HOPS` jumps it goes byte by byte: a hostile body
 * may consist of CRs, and a native call for each would cost too much.
 */
function indexOf(bytes: Uint8Array, needle: Uint8Array, from: number, to: number): number {
  let matched = 0;
  let hops = 0;
  for (let at = from; at < to; at++) {
    if (matched === 0 && hops++ < MOST_HOPS) at = bytes.indexOf(CR, at);
    if (at === -1) return -1;
    matched = bytes[at] === needle[matched] ? matched + 1 : bytes[at] === CR ? 1 : 0;
    if (matched === needle.length) return at + 1 - needle.length;
  }
  return -1;
}
