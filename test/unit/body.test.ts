/** The body as the service will read it: parsed by Node's own multipart parser. */
import { describe, expect, it } from 'vitest';
import type { CaptureManifest, CaptureStep } from '../../src/protocol/wire.js';
import type { FrameAnalysis } from '../../src/protocol/measurements.js';
import type { KeptFrame } from '../../worker/capture/keeper.js';
import { submissionBody } from '../../worker/submit/body.js';
import { attemptOf, frameOf, type FrameChanges } from './samples.js';

const CAMERA = { width: 1280, height: 720, frameRate: 30, facingMode: 'user' };

function kept(changes: FrameChanges, bytes: number[], step: CaptureStep = 'passive'): KeptFrame {
  const jpeg = Promise.resolve(new Uint8Array(bytes));
  return { group: 'hold', step, wanted: 6, analysis: frameOf(changes), quality: 1, jpeg };
}

/** A frame of a camera whose pictures are larger than those that are sent. */
function large(frame: KeptFrame): KeptFrame {
  const double = (analysis: FrameAnalysis): FrameAnalysis => ({
    ...analysis,
    frame: { width: 2560, height: 1440 },
    face: analysis.face && { left: 1001, top: 301, width: 601, height: 801 },
    points: analysis.points && { ...analysis.points, noseTip: { x: 1234.56, y: 777.77 } },
  });
  return { ...frame, analysis: double(frame.analysis) };
}

async function read(
  frames: KeptFrame[],
  verifyImage: Blob | null = null,
): Promise<{ manifest: CaptureManifest; form: FormData }> {
  const { bytes, contentType } = await submissionBody(attemptOf(), CAMERA, frames, verifyImage);
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  const part = form.get('manifest');
  return {
    manifest: JSON.parse(typeof part === 'string' ? part : await (part as File).text()) as CaptureManifest,
    form,
  };
}

const bytesOf = async (file: unknown) => [...new Uint8Array(await (file as File).arrayBuffer())];

describe('the manifest', () => {
  it('names the attempt, the mode, the camera and every frame in order', async () => {
    const frames = [kept({ time: 1000.4 }, [1]), kept({ time: 1250 }, [2], 'lookLeft'), kept({ time: 1900 }, [3])];
    const { manifest } = await read(frames);
    expect(manifest).toMatchObject({ attemptId: 1, mode: 'Passive', camera: CAMERA });
    expect(manifest.frames.map(({ fileName, timeOffsetInMs, step }) => [fileName, timeOffsetInMs, step])).toEqual([
      ['frame-000.jpg', 0, 'passive'],
      ['frame-001.jpg', 250, 'lookLeft'],
      ['frame-002.jpg', 900, 'passive'],
    ]);
  });

  it('gives rectangle and points in pixels of the JPEG, which may be smaller than the picture', async () => {
    const { manifest } = await read([large(kept({}, [1]))]);
    const [frame] = manifest.frames;
    expect(frame?.faceRectangle).toEqual({ left: 501, top: 151, width: 301, height: 401 });
    expect(frame?.points.noseTip).toEqual({ x: 617.3, y: 388.9 });
  });

  it('rounds rectangles to whole pixels, and measurements to four decimals', async () => {
    const { manifest } = await read([kept({ yaw: 1.23456789 }, [1])]);
    const [frame] = manifest.frames;
    for (const length of Object.values(frame?.faceRectangle ?? {})) expect(length % 1).toBe(0);
    expect(frame?.measurements.yaw).toBe(1.2346);
  });

  it('has the expected fields and no others', async () => {
    const { manifest } = await read([kept({}, [1])]);
    expect(Object.keys(manifest).sort()).toEqual(['attemptId', 'camera', 'frames', 'mode']);
    expect(Object.keys(manifest.frames[0] ?? {}).sort()).toEqual(
      ['faceRectangle', 'fileName', 'measurements', 'points', 'step', 'timeOffsetInMs'].sort(),
    );
  });
});

describe('the parts', () => {
  it('are the manifest, then each frame that it lists, byte for byte', async () => {
    const { form } = await read([kept({}, [0xff, 0xd8, 1]), kept({ time: 9 }, [0xff, 0xd8, 2])]);
    expect([...form.keys()]).toEqual(['manifest', 'frame', 'frame']);
    const files = form.getAll('frame') as File[];
    expect(files.map(({ name, type }) => [name, type])).toEqual([
      ['frame-000.jpg', 'image/jpeg'],
      ['frame-001.jpg', 'image/jpeg'],
    ]);
    expect(await Promise.all(files.map(bytesOf))).toEqual([
      [0xff, 0xd8, 1],
      [0xff, 0xd8, 2],
    ]);
  });

  it('end with the verify image if the client brings one', async () => {
    const { form } = await read([kept({}, [1])], new Blob([new Uint8Array([7, 8])], { type: 'image/png' }));
    expect([...form.keys()]).toEqual(['manifest', 'frame', 'VerifyImage']);
    expect((form.get('VerifyImage') as File).type).toBe('image/png');
    expect(await bytesOf(form.get('VerifyImage'))).toEqual([7, 8]);
  });
});

it('rejects if a frame could not be encoded, rather than leaving it out', async () => {
  const broken = Promise.reject(new Error('no JPEG'));
  broken.catch(() => undefined);
  await expect(submissionBody(attemptOf(), CAMERA, [{ ...kept({}, []), jpeg: broken }], null)).rejects.toThrow(
    'no JPEG',
  );
});

it('uses another boundary for each body', async () => {
  const types = await Promise.all(
    [1, 2, 3].map(async () => (await submissionBody(attemptOf(), CAMERA, [], null)).contentType),
  );
  expect(new Set(types).size).toBe(3);
});
