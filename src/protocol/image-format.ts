/** Detects the format of an image by its first bytes, whatever the client claims, and before any decoder sees it. */

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'bmp';

/** The first bytes and, where they are not enough, the bytes from the ninth on. */
const SIGNATURES: [ImageFormat, start: string, ninth?: string][] = [
  ['jpeg', '\xff\xd8\xff'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['webp', 'RIFF', 'WEBP'],
  ['bmp', 'BM'],
];

/** @returns null if it is none of the accepted formats */
export function formatOf(bytes: Uint8Array): ImageFormat | null {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const found = SIGNATURES.find(([, start, ninth = '']) => head.startsWith(start) && head.startsWith(ninth, 8));
  return found?.[0] ?? null;
}
