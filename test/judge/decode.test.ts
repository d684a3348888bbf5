/** Files that strangers may send: each is refused with its code, or decoded to the right pixels. */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../demo/server/judge/default/analyse.js';
import { decode, FRAME_RULES, VERIFY_IMAGE_RULES } from '../../demo/server/judge/default/decode.js';
import { greyJpeg, withoutProfile } from './coded.js';
import { FILES } from './files.js';
import { bitmap, portrait, portraitAs } from './pictures.js';

async function codeOf(decoding: Promise<unknown>): Promise<string | null> {
  return decoding.then(
    () => null,
    (error: { code?: string }) => error.code ?? String(error),
  );
}

describe('decoding', () => {
  it.each(FILES)(
    'accepts %s or refuses it with its code, as a frame and as a verify image',
    async (_, bytes, frame, verify) => {
      const file = await bytes();
      expect(await codeOf(decode(file, FRAME_RULES))).toBe(frame);
      expect(await codeOf(decode(file, VERIFY_IMAGE_RULES))).toBe(verify);
    },
  );

  it('refuses a frame or a verify image by its header before any frame is analysed', async () => {
    const looked = () => expect.unreachable('a face was looked for');
    const models = { landmarker: { find: looked }, embedder: { embed: looked }, attackModel: null } as never;
    const named = (bytes: Uint8Array, index: number) => ({ fileName: `frame-00${index}.jpg`, bytes });
    const refused = await portraitAs((p) => p.toColourspace('cmyk').jpeg());
    const frames = [portrait(), portrait(), refused].map(named);
    expect(await analyse({ frames, verifyImage: refused }, models)).toEqual({
      refusedFrame: 'frame-002.jpg',
      code: 'ImageColoursUnsupported',
    });
    const good = frames.slice(0, 2);
    expect(await analyse({ frames: good, verifyImage: refused }, models)).toEqual({
      refusedVerifyImage: 'undecodable',
    });
    const small = await bitmap({ width: 79 });
    expect(await analyse({ frames: good, verifyImage: small }, models)).toEqual({ refusedVerifyImage: 'undecodable' });
  });

  it('turns a picture on its side upright and reports the scale to its original size', async () => {
    const { width, height, scale } = await decode(
      await portraitAs((p) => p.withMetadata({ orientation: 6 }).jpeg()),
      VERIFY_IMAGE_RULES,
    );
    // The stored picture, on its side, is 720 by 576.
    expect([width, height, scale]).toEqual([512, 640, 720 / 640]);
  });

  it('reports the exact original size of a frame that is larger than what is analysed', async () => {
    const models = { landmarker: { find: () => [] }, embedder: null, attackModel: null } as never;
    const bytes = await portraitAs((p) => p.resize({ width: 960, height: 541, fit: 'fill' }).jpeg());
    const frames = [{ fileName: 'frame-000.jpg', bytes }];
    expect(await analyse({ frames, verifyImage: null }, models)).toMatchObject({
      frames: [{ width: 960, height: 541 }],
    });
  });

  it('decodes a JPEG of 32 scans, the most allowed', async () => {
    const { width, height } = await decode(greyJpeg({ scans: 32 }), FRAME_RULES);
    expect([width, height]).toEqual([128, 128]);
  });

  it('ignores an embedded colour profile, since one of 80 kB can take more than a minute', async () => {
    const profiled = await portraitAs((p) => p.withIccProfile('p3').jpeg());
    const [a, b] = [await decode(profiled, FRAME_RULES), await decode(withoutProfile(profiled), FRAME_RULES)];
    expect(Buffer.compare(a.data, b.data)).toBe(0);
  });

  it('decodes a BMP to nearly the same pixels as the JPEG of the picture', async () => {
    const [a, b] = [await decode(await bitmap(), VERIFY_IMAGE_RULES), await decode(portrait(), VERIFY_IMAGE_RULES)];
    const off = a.data.reduce((sum, value, index) => sum + Math.abs(value - (b.data[index] ?? 0)), 0) / a.data.length;
    expect(off).toBeLessThan(2);
  });
});
