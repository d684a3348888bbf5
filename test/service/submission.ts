/** Bodies of liveness calls, encoded independently of the worker's encoder, so that no bug can hide in both ends. */
import { randomUUID } from 'node:crypto';
import type { CaptureManifest, ManifestFrame } from '../../src/protocol/wire.js';
import type { Submission } from './client.js';

/** The first bytes of a JPEG; these tests decode no pictures. */
export const JPEG_HEAD = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);

export function jpegOf(content: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.concat([JPEG_HEAD, content]);
}

export interface FormPart {
  name: string;
  fileName?: string;
  type?: string;
  body: Uint8Array | string;
}

export function form(parts: FormPart[], boundary = `test-${randomUUID()}`): Submission {
  const chunks = parts.flatMap(({ name, fileName, type, body }) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"`),
    Buffer.from(fileName === undefined ? '' : `; filename="${fileName}"`),
    Buffer.from(type === undefined ? '\r\n\r\n' : `\r\nContent-Type: ${type}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: new Uint8Array(Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])),
  };
}

export function manifestFrame(index: number): ManifestFrame {
  const point = { x: 10.5, y: 20 };
  return {
    fileName: `frame-${String(index).padStart(3, '0')}.jpg`,
    timeOffsetInMs: index * 100,
    step: 'passive',
    faceRectangle: { top: 59, left: 121, width: 409, height: 395 },
    points: { leftEye: point, rightEye: point, noseTip: point, mouthCentre: point, chin: point },
    measurements: {
      faceHeight: 0.6,
      offsetX: 0,
      offsetY: 0,
      aspect: 0.75,
      yaw: 1,
      pitch: -2.5,
      roll: 0,
      eyeOpenness: 0.3,
      mouthOpenness: 0,
      mouthWidth: 0.7,
      sharpness: 120,
      faceBrightness: 0.5,
      backgroundBrightness: 0.4,
      clippedBright: 0,
      clippedDark: 0,
      sideLight: 0.1,
      motion: 0.01,
    },
  };
}

export function manifest(attemptId = 1, frames = 2): CaptureManifest {
  return {
    attemptId,
    mode: 'Passive',
    camera: { width: 640, height: 480, frameRate: 30, facingMode: 'user' },
    frames: Array.from({ length: frames }, (_, index) => manifestFrame(index)),
  };
}

export function submissionParts(of: CaptureManifest, frameBytes = 64): FormPart[] {
  return [
    { name: 'manifest', type: 'application/json', body: JSON.stringify(of) },
    ...of.frames.map(({ fileName }, index) => ({
      name: 'frame',
      fileName,
      type: 'image/jpeg',
      body: jpegOf(Buffer.alloc(frameBytes, index)),
    })),
  ];
}

export function submission(attemptId = 1, frames = 2, frameBytes = 64): Submission {
  return form(submissionParts(manifest(attemptId, frames), frameBytes));
}
