/** What kind of picture bytes are, by their first ones, whatever the client calls them, and before any decoder sees them. */

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'bmp';

/** The first bytes and, where these are not enough, those from the ninth on. */
const SIGNATURES: [ImageFormat, start: string, ninth?: string][] = [
  ['jpeg', '\xff\xd8\xff'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['webp', 'RIFF', 'WEBP'],
  ['bmp', 'BM'],
];

/** @returns null: none of the formats that are taken */
export function formatOf(bytes: Uint8Array): ImageFormat | null {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const found = SIGNATURES.find(([, start, ninth = '']) => head.startsWith(start) && head.startsWith(ninth, 8));
  return found?.[0] ?? null;
}
