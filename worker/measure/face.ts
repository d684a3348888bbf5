/**
 * Geometry of one face, from MediaPipe's 468 points. Left and right are the person's own. Points 468 to 477, which are
 * the irises in other models, only repeat points of the eyes: see `scripts/model/face-landmarker.ts`.
 */
import type { FaceRectangle, NamedPoints, Point } from '../../src/protocol/geometry.js';
import type { FrameMeasurements } from '../../src/protocol/measurements.js';

/** Indices into the mesh (canonical face model of MediaPipe). */
const MESH = {
  noseTip: 1,
  chin: 152,
  upperLip: 13,
  lowerLip: 14,
  rightMouthCorner: 78,
  leftMouthCorner: 308,
  rightEye: { outer: 33, inner: 133, top: 159, bottom: 145 },
  leftEye: { outer: 263, inner: 362, top: 386, bottom: 374 },
} as const;

/** Two boxes that overlap by more than this are one face detected twice. */
const SAME_FACE = 0.6;

export interface FaceGeometry extends Pick<FrameMeasurements, 'eyeOpenness' | 'mouthOpenness' | 'mouthWidth'> {
  rectangle: FaceRectangle;
  points: NamedPoints;
}

/**
 * @param landmarks points as shares of the picture
 * @param width, height of the picture in pixels
 */
export function faceGeometry(landmarks: readonly Point[], width: number, height: number): FaceGeometry {
  const at = (index: number): Point => {
    const point = landmarks[index] ?? { x: 0, y: 0 };
    return { x: point.x * width, y: point.y * height };
  };
  const eye = (indices: typeof MESH.rightEye | typeof MESH.leftEye): number =>
    distance(at(indices.top), at(indices.bottom)) / distance(at(indices.outer), at(indices.inner));
  const rightEye = middle(at(MESH.rightEye.outer), at(MESH.rightEye.inner));
  const leftEye = middle(at(MESH.leftEye.outer), at(MESH.leftEye.inner));
  const mouthWidth = distance(at(MESH.rightMouthCorner), at(MESH.leftMouthCorner));
  return {
    rectangle: boundingBox(landmarks, width, height),
    points: {
      rightEye,
      leftEye,
      noseTip: at(MESH.noseTip),
      mouthCentre: middle(at(MESH.upperLip), at(MESH.lowerLip)),
      chin: at(MESH.chin),
    },
    eyeOpenness: (eye(MESH.rightEye) + eye(MESH.leftEye)) / 2,
    mouthOpenness: distance(at(MESH.upperLip), at(MESH.lowerLip)) / mouthWidth,
    mouthWidth: mouthWidth / distance(rightEye, leftEye),
  };
}

/** The smallest rectangle of whole pixels around the mesh; it may extend beyond the picture. */
export function boundingBox(landmarks: readonly Point[], width: number, height: number): FaceRectangle {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of landmarks) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const rectangle = { left: Math.floor(left * width), top: Math.floor(top * height), width: 0, height: 0 };
  rectangle.width = Math.ceil(right * width) - rectangle.left;
  rectangle.height = Math.ceil(bottom * height) - rectangle.top;
  return rectangle;
}

/** Size of the part of the picture that is visible in the ring: the largest centred box with its aspect ratio. */
export function ringBox(frame: { width: number; height: number }, aspect: number): { width: number; height: number } {
  const width = Math.min(frame.width, frame.height * aspect);
  return { width, height: width / aspect };
}

/** Position and size of the face relative to the ring, named as in `FrameMeasurements`. */
export function placeInRing(face: FaceRectangle, frame: { width: number; height: number }, ringAspect: number) {
  const ring = ringBox(frame, ringAspect);
  return {
    faceHeight: face.height / ring.height,
    offsetX: (face.left + face.width / 2 - frame.width / 2) / ring.width,
    offsetY: (face.top + face.height / 2 - frame.height / 2) / ring.height,
    aspect: face.width / face.height,
  };
}

/** Area shared by both rectangles, divided by that of the smaller: 1 if one lies within the other. */
export function overlap(a: FaceRectangle, b: FaceRectangle): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.width * a.height, b.width * b.height);
}

/** Faces by decreasing width, without those that repeat a wider one. */
export function distinctFaces<Face extends { rectangle: FaceRectangle }>(faces: readonly Face[]): Face[] {
  const sorted = [...faces].sort((a, b) => b.rectangle.width - a.rectangle.width);
  return sorted.filter((face, at) =>
    sorted.slice(0, at).every((wider) => overlap(wider.rectangle, face.rectangle) <= SAME_FACE),
  );
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
