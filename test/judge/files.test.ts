/** Files that strangers may send, to the whole service with a real thread: each gets its code; the service survives. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp, { type Sharp } from 'sharp';
import { startedSession } from '../service/client.js';
import { manifest } from '../service/submission.js';
import { openCourt, submissionOf, type Court, type Picture } from './court.js';
import { FILES } from './files.js';
import { bitmap, portrait, portraitAs, portraitPath } from './pictures.js';

let court: Court;
beforeAll(async () => {
  court = await openCourt();
  await court.judge.ready();
});
afterAll(() => court.close());

type Refusal = { error: { code: string; message: string } };

/** Resident memory of the process with all its threads, in megabytes. */
const memory = (): number => process.memoryUsage().rss / 1024 / 1024;

describe('refused files sent as a frame', () => {
  it('get 400 with their codes and an audit entry each, and the attempt stays open', async () => {
    const { sessionId, authToken } = await startedSession(court.client);
    const submit = (second: Picture) =>
      court.client.submit(authToken, submissionOf(manifest(1, 2), [portrait(), second]));
    const before = memory();
    const codes: string[] = [];
    for (const [what, bytes, code] of FILES.filter(([, , frame]) => frame !== null)) {
      const response = await submit(await bytes());
      expect([what, response.status, ((await response.json()) as Refusal).error.code]).toEqual([what, 400, code]);
      codes.push(code ?? '');
    }
    // Decoded, the largest of these files would take 12 GB.
    expect(memory() - before).toBeLessThan(200);
    expect((await submit(portrait('franck_02159.jpg'))).status).toBe(204);

    const entries = await court.client.audit(sessionId, '?top=100');
    const audited = entries.map(({ response }) => (response.body as Partial<Refusal>).error?.code);
    expect(audited).toEqual([...codes, undefined]);
    expect(court.lost).toEqual([]);
  });
});

describe('files sent as a verify image', () => {
  it('are accepted with a recognition quality or refused with 400 InvalidImage or InvalidImageSize', async () => {
    const before = memory();
    for (const [what, bytes, , code] of FILES) {
      const file = await bytes();
      const response = await court.client.createWithVerify(file);
      if (code === null) {
        // Even the portrait that its EXIF orientation turns on its side: its face is found all the same.
        const { verifyImage } = (await response.json()) as { verifyImage: { qualityForRecognition: string } };
        expect([what, response.status]).toEqual([what, 200]);
        expect(verifyImage.qualityForRecognition).toMatch(/^(low|medium|high)$/);
        continue;
      }
      const { error } = (await response.json()) as Refusal;
      const tooShort = file.length < 1024;
      expect([what, response.status, error.code]).toEqual([what, 400, tooShort ? 'InvalidImageSize' : 'InvalidImage']);
    }
    expect(memory() - before).toBeLessThan(200);
    expect(court.lost).toEqual([]);
  });

  it('get InvalidImage when damaged and sent by the client, and the attempt stays open', async () => {
    const path = '/detectLivenessWithVerify/singleModal/sessions';
    const content = { livenessOperationMode: 'Passive', deviceCorrelationId: 'a-device' };
    const created = await court.client.manage(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
    });
    const { authToken } = (await created.json()) as { authToken: string };
    await court.client.start(authToken);
    const pictures = [portrait(), portrait('franck_02159.jpg')];
    const submit = async (image: Picture) => {
      const submission = submissionOf(manifest(1, 2), pictures, image);
      return court.client.submit(authToken, submission, {}, 'detectLivenessWithVerify');
    };
    const refused = await submit(portrait().slice(0, 20_000));
    expect([refused.status, ((await refused.json()) as Refusal).error.code]).toEqual([400, 'InvalidImage']);
    expect((await submit(portrait('franck_04000.jpg'))).status).toBe(204);
  });

  it.each([
    ['no face', async () => new Uint8Array(await noise()), 'InvalidImage', 'No face detected in the image.'],
    ['two faces', () => twoFaces(), 'InvalidImage', 'There is more than 1 face in the image.'],
    ['under 1 KB', async () => new Uint8Array(1023).fill(0xff, 0, 3), 'InvalidImageSize', 'Image size is too small.'],
    [
      'over 6 MB',
      async () => new Uint8Array(6 * 1024 * 1024 + 1).fill(0xff, 0, 3),
      'InvalidImageSize',
      'Image size is too big.',
    ],
  ] as [string, () => Promise<Picture>, string, string][])(
    'are refused with a message of their own: %s',
    async (_, bytes, code, message) => {
      const response = await court.client.createWithVerify(await bytes());
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: { code, message } });
    },
  );

  it('give the same face rectangle in each format, and when EXIF orientation turns them', async () => {
    const lying = (picture: Sharp) => picture.rotate(-90).withMetadata({ orientation: 6 });
    const files: [string, Picture][] = [
      ['PNG', await portraitAs((p) => p.png())],
      ['WebP', await portraitAs((p) => p.webp({ quality: 95 }))],
      ['BMP', await bitmap()],
      ['JPEG on its side', await portraitAs((p) => lying(p).jpeg({ quality: 95 }))],
    ];
    const faceOf = async (file: Picture) => {
      const response = await court.client.createWithVerify(file);
      return ((await response.json()) as { verifyImage: { faceRectangle: Record<string, number> } }).verifyImage;
    };
    const { faceRectangle: expected } = await faceOf(portrait());
    expect(expected.width).toBeGreaterThan(100);
    for (const [format, file] of files) {
      const { faceRectangle } = await faceOf(file);
      for (const [side, value] of Object.entries(expected)) {
        expect(Math.abs((faceRectangle[side] ?? Infinity) - value), `${side} in ${format}`).toBeLessThan(8);
      }
    }
  });
});

function noise(): Promise<Buffer> {
  const pixels = { width: 400, height: 400, channels: 3 } as const;
  return sharp({ create: { ...pixels, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
    .jpeg()
    .toBuffer();
}

async function twoFaces(): Promise<Picture> {
  const side = await sharp(portraitPath('franck_01829.jpg')).toBuffer();
  const { width, height } = await sharp(side).metadata();
  const both = sharp({ create: { width: 2 * width, height, channels: 3, background: '#000' } }).composite([
    { input: side, left: 0, top: 0 },
    { input: side, left: width, top: 0 },
  ]);
  return new Uint8Array(await both.jpeg().toBuffer());
}
