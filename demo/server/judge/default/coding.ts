/**
 * Checks how a JPEG is coded, by its markers alone (ITU-T T.81, annex B). Two codings are refused without decoding,
 * because decoding them may take long however small the picture is. The time limit of the library does not help: it is
 * checked between rows, but every scan is read before the first row.
 */
import { ImageRefusal } from './refusal.js';

/**
 * An empty scan has 16 bytes and covers the whole picture. It costs 2.6 ms of processor time at the largest size of a
 * frame and 20 ms at that of a verify image, so this many scans cost 0.1 s and 0.75 s. Canvases and cameras write one
 * scan, libjpeg's progressive pictures have 10.
 */
const MOST_SCANS = 32;

/**
 * Baseline, extended and progressive, all with Huffman codes: what browsers read. Arithmetic coding needs almost no
 * bytes for any number of pixels, and only 11 for a scan.
 */
const KNOWN_CODINGS: readonly number[] = [0xc0, 0xc1, 0xc2];
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** @throws ImageRefusal */
export function checkCoding(jpeg: Uint8Array): void {
  let scans = 0;
  for (const marker of markers(jpeg)) {
    if (isStartOfFrame(marker) && !KNOWN_CODINGS.includes(marker)) throw new ImageRefusal('ImageFormatUnsupported');
    if (marker === START_OF_SCAN && ++scans > MOST_SCANS) throw new ImageRefusal('ImageTooManyScans');
  }
}

/** Markers with a segment, from the first picture of the file. Skips bytes between segments as decoders do. */
function* markers(jpeg: Uint8Array): Generator<number> {
  const byte = (at: number): number => jpeg[at] ?? 0;
  for (let at = 2; at < jpeg.length;) {
    const marker = byte(at) === 0xff ? byte(at + 1) : 0;
    if (marker === END_OF_IMAGE) return;
    if (hasSegment(marker)) {
      yield marker;
      at += 2 + byte(at + 2) * 256 + byte(at + 3);
    } else at++;
  }
}

/** False for a stuffed byte, padding, a restart and the start of another picture. */
function hasSegment(marker: number): boolean {
  return marker >= 0xc0 && marker < 0xff && !(marker >= 0xd0 && marker <= 0xd8);
}

/** All markers from C0 to CF are starts of a frame, except those of tables and a reserved one. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
