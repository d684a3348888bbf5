/** A submission with three head turns, as the element would send it, which can be judged any number of times. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { DEFAULT_POLICY } from '../../src/protocol/policy.js';
import type { CaptureManifest, CaptureStep, SessionStartResponse } from '../../src/protocol/wire.js';
import { submissionOf, truthfulManifest, type Picture } from '../judge/court.js';
import { portraitPath } from '../judge/pictures.js';
import { createdSession, type Client } from '../service/client.js';

/** The size at which the element sends frames. */
export const FRAME = { width: 1280, height: 960 };
const PORTRAITS = ['01829', '02045', '02159', '02221', '02683', '02888', '03909', '03979', '04000', '04035', '04117'];

/** The steps the manifest lists for the frames of the hold, of each turn and of the last return. */
function stepsOf(directions: readonly CaptureStep[]): CaptureStep[] {
  const { hold, turn } = DEFAULT_POLICY;
  const passive = (count: number): CaptureStep[] => Array<CaptureStep>(count).fill('passive');
  // Each turn: one frontal frame before it, one on the way, and those taken at its end.
  const turns = directions.flatMap((direction) => [
    ...passive(1),
    ...Array<CaptureStep>(1 + turn.frames).fill(direction),
  ]);
  return [...passive(hold.frames), ...turns, ...passive(1)];
}

const FRAMES = stepsOf(['lookLeft', 'lookRight', 'lookUp']).length;

/** JPEGs of the portraits, and of the same ones mirrored if more are needed. */
function encodeFrames(): Promise<Picture[]> {
  const frames = Array.from({ length: FRAMES }, async (_, index) => {
    const picture = sharp(portraitPath(`franck_${PORTRAITS[index % PORTRAITS.length]}.jpg`));
    const sized = picture.resize({ ...FRAME, fit: 'cover' }).flop(index >= PORTRAITS.length);
    return new Uint8Array(await sized.jpeg({ quality: 90 }).toBuffer());
  });
  return Promise.all(frames);
}

/** Makes the same picture a different file by adding a JPEG comment: no camera sends the same file twice. */
function anotherFile(jpeg: Picture): Picture {
  const comment = Buffer.from(randomUUID());
  return new Uint8Array(
    Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment, jpeg.subarray(2)]),
  );
}

export interface Capture {
  told: CaptureManifest;
  pictures: Picture[];
}

export async function captureWithTurns(): Promise<Capture> {
  const pictures = await encodeFrames();
  return { told: await truthfulManifest(pictures), pictures };
}

/** Judges the capture in a session of its own. @returns seconds from the submission to the response */
export async function judgeOnce(client: Client, { told, pictures }: Capture): Promise<number> {
  const { authToken } = await createdSession(client, { livenessOperationMode: 'PassiveActive' });
  const { activeMotion } = (await (await client.start(authToken)).json()) as SessionStartResponse;
  const steps = stepsOf(activeMotion.directions);
  if (steps.length !== FRAMES) throw new Error(`The service drew ${activeMotion.directions.join(', ')}`);
  const frames = told.frames.map((frame, index) => ({ ...frame, step: steps[index] ?? 'passive' }));
  const submission = submissionOf({ ...told, mode: 'PassiveActive', frames }, pictures.map(anotherFile));
  const start = performance.now();
  const { status } = await client.submit(authToken, submission);
  if (status !== 204) throw new Error(`The submission was answered with ${status}`);
  return (performance.now() - start) / 1000;
}
