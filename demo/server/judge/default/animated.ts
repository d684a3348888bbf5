/** Whether a file holds one picture or several. */
import type { ImageFormat } from '../../../../src/protocol/image-format.js';

/** Checked because decoders silently use only the first of several pictures. */
export function isAnimated(bytes: Uint8Array, format: ImageFormat): boolean {
  if (format === 'png') return chunks(bytes, 8, pngChunk).includes('acTL');
  if (format === 'webp') return chunks(bytes, 12, webpChunk).some((name) => name === 'ANIM' || name === 'ANMF');
  return false;
}

interface Chunk {
  name: string;
  /** Offset of the next chunk. */
  next: number;
}

/** More chunks than any still picture has before its pixels. */
const MOST_CHUNKS = 64;

function chunks(bytes: Uint8Array, start: number, read: (view: DataView, at: number) => Chunk): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: string[] = [];
  for (let at = start; at + 8 <= bytes.length && names.length < MOST_CHUNKS;) {
    const { name, next } = read(view, at);
    names.push(name);
    at = next;
  }
  return names;
}

/** PNG (W3C): length, name, data, checksum. */
function pngChunk(view: DataView, at: number): Chunk {
  return { name: text(view, at + 4), next: at + 12 + view.getUint32(at) };
}

/** RIFF: name, length, data padded to an even length. */
function webpChunk(view: DataView, at: number): Chunk {
  const length = view.getUint32(at + 4, true);
  return { name: text(view, at), next: at + 8 + length + (length % 2) };
}

function text(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}
