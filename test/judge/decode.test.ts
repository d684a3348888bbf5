/** Files as strangers send them: a code for each, before much is decoded, and the thread lives on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, FRAME_RULES, VERIFY_IMAGE_RULES } from '../../demo/server/judge/default/decode.js';
import { ThreadPool } from '../../demo/server/judge/default/pool.js';
import { ASSETS, THREAD } from './judge.js';
import { animatedPng, animatedWebp, bitmap, bomb, claiming, portrait, portraitAs } from './pictures.js';

type Bytes = Uint8Array<ArrayBuffer>;
const text = (content: string): Bytes => new TextEncoder().encode(content);

/** What is sent, and the codes as a frame and as a verify image; null: taken. */
const FILES: [what: string, bytes: () => Bytes | Promise<Bytes>, frame: string | null, verify: string | null][] = [
  ['a JPEG', () => portrait(), null, null],
  ['a grey JPEG', () => portraitAs((p) => p.greyscale().jpeg()), null, null],
  ['a progressive JPEG', () => portraitAs((p) => p.jpeg({ progressive: true })), null, null],
  ['a PNG', () => portraitAs((p) => p.png()), 'ImageFormatUnsupported', null],
  ['a PNG with a palette', () => portraitAs((p) => p.png({ palette: true })), 'ImageFormatUnsupported', null],
  ['a WebP', () => portraitAs((p) => p.webp()), 'ImageFormatUnsupported', null],
  ['a BMP', () => bitmap(), 'ImageFormatUnsupported', null],
  ['a truncated BMP', async () => (await bitmap()).slice(0, 9_000), 'ImageFormatUnsupported', 'ImageDamaged'],
  ['a GIF', () => portraitAs((p) => p.gif()), 'ImageFormatUnsupported', 'ImageFormatUnsupported'],
  ['a TIFF', () => portraitAs((p) => p.tiff()), 'ImageFormatUnsupported', 'ImageFormatUnsupported'],
  ['an SVG', () => text('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"/>'), ...both('ImageFormatUnsupported')],
  ['HTML', () => text('<html>'.repeat(500)), ...both('ImageFormatUnsupported')],
  ['nothing', () => new Uint8Array(), ...both('ImageFormatUnsupported')],
  ['a JPEG signature and zeros', () => new Uint8Array([0xff, 0xd8, 0xff, ...new Array<number>(4000).fill(0)]), ...both('ImageNotDecodable')],
  ['half a JPEG', () => portrait().slice(0, 20_000), ...both('ImageDamaged')],
  ['nearly all of a JPEG', () => portrait().slice(0, Math.floor(portrait().length * 0.97)), ...both('ImageDamaged')],
  ['half a PNG', async () => (await portraitAs((p) => p.png())).slice(0, 50_000), 'ImageFormatUnsupported', 'ImageDamaged'],
  ['a CMYK JPEG', () => portraitAs((p) => p.toColourspace('cmyk').jpeg()), ...both('ImageColoursUnsupported')],
  ['a PNG of 16 bits', () => portraitAs((p) => p.toColourspace('rgb16').png()), 'ImageFormatUnsupported', 'ImageDepthUnsupported'],
  ['a JPEG on its side', () => portraitAs((p) => p.withMetadata({ orientation: 6 }).jpeg()), 'ImageRotated', null],
  ['an animated PNG', animatedPng, 'ImageFormatUnsupported', 'ImageAnimated'],
  ['an animated WebP', animatedWebp, 'ImageFormatUnsupported', 'ImageAnimated'],
  ['a JPEG of 4,096 megapixels', () => claiming(portrait(), 64_000), ...both('ImageTooLarge')],
  ['a PNG of 64 megapixels', () => bomb(8_000, 'png'), 'ImageFormatUnsupported', 'ImageTooLarge'],
  ['a WebP of 64 megapixels', () => bomb(8_000, 'webp'), 'ImageFormatUnsupported', 'ImageTooLarge'],
  ['a JPEG of 60 by 40', () => portraitAs((p) => p.resize(60, 40).jpeg()), ...both('ImageTooSmall')],
]; // prettier-ignore

function both(code: string): [string, string] {
  return [code, code];
}

async function codeOf(decoding: Promise<unknown>): Promise<string | null> {
  return decoding.then(
    () => null,
    (error: { code?: string }) => error.code ?? String(error),
  );
}

describe('decoding', () => {
  it.each(FILES)('%s', async (_, bytes, frame, verify) => {
    const file = await bytes();
    expect(await codeOf(decode(file, FRAME_RULES))).toBe(frame);
    expect(await codeOf(decode(file, VERIFY_IMAGE_RULES))).toBe(verify);
  });

  it('turns a picture on its side upright, and says how large it was', async () => {
    const { width, height, scale } = await decode(
      await portraitAs((p) => p.withMetadata({ orientation: 6 }).jpeg()),
      VERIFY_IMAGE_RULES,
    );
    // 720 by 576 as it lies.
    expect([width, height, scale]).toEqual([512, 640, 720 / 640]);
  });

  it('reads a bitmap as the picture it is', async () => {
    const [a, b] = [await decode(await bitmap(), VERIFY_IMAGE_RULES), await decode(portrait(), VERIFY_IMAGE_RULES)];
    const off = a.data.reduce((sum, value, index) => sum + Math.abs(value - (b.data[index] ?? 0)), 0) / a.data.length;
    expect(off).toBeLessThan(2);
  });
});

describe('a thread that is sent such files', () => {
  let pool: ThreadPool;
  const lost: string[] = [];
  beforeAll(() => {
    pool = new ThreadPool({
      ...{ module: THREAD, workerData: { assets: ASSETS }, threads: 1, queue: 1, taskMs: 30_000, startMs: 60_000 },
      onLost: (error) => lost.push(error.message),
    });
  });
  afterAll(() => pool.close());

  const analyse = (bytes: Bytes) =>
    pool.run(
      { kind: 'analyse', request: { frames: [{ fileName: 'a', bytes }], verifyImage: null } },
      AbortSignal.timeout(60_000),
    );

  it('answers each with its code, stays the same thread, and keeps its memory', async () => {
    await analyse(portrait());
    const before = process.memoryUsage().rss;
    for (const [what, bytes, code] of FILES) {
      const outcome = (await analyse(await bytes())) as { code?: string; frames?: unknown[] };
      expect(outcome.code ?? null, what).toBe(code);
    }
    // Decoded, the largest of them would be 12 GB.
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    expect(lost).toEqual([]);
  });
});
