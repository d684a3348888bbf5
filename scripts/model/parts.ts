/** Reads the parts of the face model from `@mediapipe/face_mesh`, whose assets are packed into one file. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const PACKAGE = '@mediapipe/face_mesh/face_mesh_solution_packed_assets';

export interface PackedFile {
  filename: string;
  /** Offset of the first byte; `end` is that of the byte after the last. */
  start: number;
  end: number;
}

/** The list of packed files that the package's loader script passes to `loadPackage`. */
export function packedFiles(loaderScript: string): PackedFile[] {
  const list = /loadPackage\((\{"files":.*\})\)/.exec(loaderScript)?.[1];
  if (list === undefined) throw new Error('The loader script lists no packed files.');
  return (JSON.parse(list) as { files: PackedFile[] }).files;
}

/** @returns the bytes of the packed file with this base name @throws Error if there is none, or its place is invalid */
export function unpack(data: Uint8Array, files: readonly PackedFile[], name: string): Uint8Array {
  const file = files.find(({ filename }) => filename.endsWith(`/${name}`));
  if (!file) throw new Error(`${name} is not among the packed files.`);
  if (!(file.start >= 0 && file.start < file.end && file.end <= data.length)) {
    throw new Error(`${name} is said to be at ${file.start}–${file.end} of ${data.length} bytes.`);
  }
  return data.subarray(file.start, file.end);
}

export interface FaceParts {
  /** BlazeFace, short range: finds boxes and six points in 128×128 pixels. */
  detector: Uint8Array;
  /** Face Mesh: finds 468 points and a score in 192×192 pixels. */
  landmarks: Uint8Array;
  /** The canonical face, relative to which the head's pose is computed. */
  geometry: Uint8Array;
}

export function readFaceParts(): FaceParts {
  const require = createRequire(import.meta.url);
  const data = readFileSync(require.resolve(`${PACKAGE}.data`));
  const files = packedFiles(readFileSync(require.resolve(`${PACKAGE}_loader.js`), 'utf8'));
  return {
    detector: unpack(data, files, 'face_detection_short_range.tflite'),
    landmarks: unpack(data, files, 'face_landmark.tflite'),
    geometry: unpack(data, files, 'geometry_pipeline_metadata_landmarks.binarypb'),
  };
}
