/**
 * Assembles `face_landmarker.task`, the bundle that MediaPipe's FaceLandmarker loads, from parts in npm: no npm package
 * contains the whole bundle. Four steps:
 *
 * 1. `@mediapipe/face_mesh` packs a face detector, a model of 468 face points and the geometry of a canonical face into
 *    one file; they are extracted at the offsets that its loader script lists. Weights and operators stay unchanged.
 * 2. Both models get TFLite metadata, without which the task does not know how to turn a picture into their input.
 * 3. The task reads 478 points (the last ten are irises), but the model returns 468: a GATHER operator after it repeats
 *    the corners and lids of the eyes as the last ten. **Points 468 to 477 are therefore not irises.** They must lie on
 *    the face, because tracking looks for the face in the next picture around all points; and without them the task
 *    reads the numbers as two-dimensional points and returns nonsense.
 * 4. The three files are zipped without compression and with a fixed date, so that the same parts give the same bytes.
 *
 * Blendshapes need a fourth model, which npm does not have: `outputFaceBlendshapes` does not work with this bundle.
 */
import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import { extendModel } from './extend.js';
import { modelMetadata } from './metadata.js';
import type { FaceParts } from './parts.js';

const POINTS = 468;

/** Points used in place of the irises, right then left: the corners and lids of the person's eyes. */
const IRISES = [33, 133, 159, 145, 33, 362, 263, 386, 374, 263];

/** @throws Error if a part is not the expected model */
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
      gathering: { output: 0, length: 3 * POINTS, positions: coordinates([...Array(POINTS).keys(), ...IRISES]) },
    }),
    'geometry_pipeline_metadata_landmarks.binarypb': geometry,
  };
  // A zip stores local time, so the date is given in local time: at noon, which exists in every time zone.
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1, 12) });
}

/** The positions of the points' x, y and z in a flat list of coordinates. */
function coordinates(points: readonly number[]): number[] {
  return points.flatMap((point) => [3 * point, 3 * point + 1, 3 * point + 2]);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
