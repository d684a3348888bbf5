/** The body of a liveness call: the manifest, the frames it lists, and the verify image if there is one. */
import { PARTS, type CameraSettings, type CaptureManifest, type ManifestFrame } from '../../src/protocol/wire.js';
import type { CapturePlan } from '../../src/protocol/worker-api.js';
import { jpegScale } from '../capture/jpeg.js';
import type { KeptFrame } from '../capture/keeper.js';
import { encodeMultipart, type MultipartBody, type Part } from './multipart.js';

export async function submissionBody(
  attempt: CapturePlan['attempt'],
  camera: CameraSettings,
  frames: readonly KeptFrame[],
  verifyImage: Blob | null,
): Promise<MultipartBody> {
  const manifest: CaptureManifest = {
    attemptId: attempt.attemptId,
    mode: attempt.livenessOperationMode,
    camera,
    frames: frames.map((frame, index) => manifestFrame(frame, index, frames[0]?.analysis.time ?? 0)),
  };
  const parts: Part[] = [
    { name: PARTS.manifest, type: 'application/json', body: new TextEncoder().encode(JSON.stringify(manifest)) },
  ];
  for (const [index, frame] of frames.entries()) {
    parts.push({ name: PARTS.frame, type: 'image/jpeg', fileName: frameName(index), body: await frame.jpeg });
  }
  if (verifyImage) {
    const body = new Uint8Array(await verifyImage.arrayBuffer());
    parts.push({ name: PARTS.verifyImage, type: verifyImage.type || 'image/jpeg', fileName: 'verify-image', body });
  }
  return encodeMultipart(parts, `face-liveness-${crypto.randomUUID()}`);
}

function frameName(index: number): string {
  return `frame-${String(index).padStart(3, '0')}.jpg`;
}

/** Scales rectangle and points to pixels of the JPEG, which is smaller than a large camera picture. */
function manifestFrame({ step, analysis }: KeptFrame, index: number, start: number): ManifestFrame {
  const { frame, face, points, measurements } = analysis;
  if (!face || !points || !measurements) throw new Error('A frame without a face was kept');
  const scale = jpegScale(frame.width, frame.height);
  return {
    fileName: frameName(index),
    timeOffsetInMs: Math.round(analysis.time - start),
    step,
    faceRectangle: mapNumbers(face, (length) => Math.round(length * scale)),
    points: mapNumbers(points, (length) => Math.round(length * scale * 10) / 10),
    measurements: mapNumbers(measurements, (value) => Math.round(value * 10_000) / 10_000),
  };
}

/** @returns a copy with every number changed, at any depth */
function mapNumbers<T>(tree: T, change: (number: number) => number): T {
  const mapped =
    typeof tree === 'number'
      ? change(tree)
      : Object.fromEntries(Object.entries(tree as object).map(([key, value]) => [key, mapNumbers(value, change)]));
  return mapped as T;
}
