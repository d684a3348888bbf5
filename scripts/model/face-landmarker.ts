/**
 * Makes `face_landmarker.task`, the bundle that MediaPipe's FaceLandmarker loads, from parts in npm. No npm package
 * ships it whole. What is done to the parts:
 *
 * 1. `@mediapipe/face_mesh` packs a face detector, a model of 468 face points and the geometry of a canonical face into
 *    one file; they are cut out of it as its loader script says. Weights and operators stay as they are.
 * 2. Both models get TFLite metadata, without which the task does not know how to turn a picture into their input.
 * 3. The task reads 478 points (the last ten are irises), the model gives 468: one PAD operator behind it appends 30
 *    zeros to its 1404 numbers. **Points 468 to 477 are therefore zeros and mean nothing.** Without it the task takes
 *    the numbers for two-dimensional points and returns nonsense.
 * 4. The three files are zipped without compression, with a fixed date, so that the same parts give the same bytes.
 *
 * Blendshapes need a fourth model, which npm does not have: `outputFaceBlendshapes` does not work with this bundle.
 */
import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import { extendModel } from './extend.js';
import { modelMetadata } from './metadata.js';
import { type FaceParts, readFaceParts } from './parts.js';

/** SHA-256 of the bundle. It changes only with the pinned package or with this code. */
export const FACE_LANDMARKER_SHA256 = 'ed3786eb1ff9eb446b1766a6745a8dbe0a4479f7e959ebb0d20b6e63dc627b04';

const POINTS_OF_MODEL = 468;
const POINTS_OF_TASK = 478;

/** @throws Error when a part is not the expected model, or the bundle does not have the expected hash. */
export function buildFaceLandmarker(): Uint8Array {
  const bundle = assembleFaceLandmarker(readFaceParts());
  const hash = sha256(bundle);
  if (hash !== FACE_LANDMARKER_SHA256) {
    throw new Error(
      `face_landmarker.task came out with SHA-256 ${hash} instead of ${FACE_LANDMARKER_SHA256}: ` +
        'is @mediapipe/face_mesh installed in the pinned version?',
    );
  }
  return bundle;
}

export function assembleFaceLandmarker({ detector, landmarks, geometry }: FaceParts): Uint8Array {
  const files = {
    'face_detector.tflite': extendModel(detector, {
      metadata: modelMetadata({
        name: 'Face detector, short range',
        normalization: { mean: 127.5, standardDeviation: 127.5 },
        outputs: ['regressors', 'classificators'],
      }),
    }),
    'face_landmarks_detector.tflite': extendModel(landmarks, {
      metadata: modelMetadata({
        name: 'Face landmarks',
        normalization: { mean: 0, standardDeviation: 255 },
        outputs: ['landmarks', 'presence'],
      }),
      padding: { output: 0, from: 3 * POINTS_OF_MODEL, to: 3 * POINTS_OF_TASK },
    }),
    'geometry_pipeline_metadata_landmarks.binarypb': geometry,
  };
  // A zip holds local time: the date is given as local time, and at noon, which exists in every time zone.
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1, 12) });
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
