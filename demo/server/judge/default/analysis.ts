/** What was found in the pixels of one submission: plain numbers, so that they can be posted from the thread. */
import type { FaceRectangle, NamedPoints } from '../../../../src/protocol/geometry.js';
import type { Pose } from '../../../../worker/measure/pose.js';
import type { Change } from './change.js';
import type { Enclosure } from './enclosure.js';
import type { VerifyImageFace } from '../judge.js';

export interface Analysis {
  /** In the manifest's order. */
  frames: FrameFacts[];
  /** Pairs of indices of frames that show the same picture, in each pair the earlier frame first. */
  samePictures: [number, number][];
  /** Null if there was no image to compare with. */
  verify: VerifyFacts | null;
}

export interface FrameFacts {
  fileName: string;
  /** SHA-256 of the encoded bytes, hex. */
  sha256: string;
  /** Size of the encoded picture, in pixels. */
  width: number;
  height: number;
  faceCount: number;
  /** The largest face; null if there is none. */
  face: FaceFacts | null;
  fingerprint: Fingerprint | null;
  /** Null without a face. */
  enclosure: Enclosure | null;
  /** Log-odds of a live face by the operator's own model; null without one, or without a face. */
  attackScore: number | null;
  /** Change since the first frame. */
  change: Change | null;
}

export interface FaceFacts {
  /** Pixels of the encoded picture, as in the manifest. */
  rectangle: FaceRectangle;
  points: NamedPoints;
  pose: Pose;
  /** Relative to the distance between the eyes. */
  mouthWidth: number;
  sharpness: number;
  brightness: number;
  /** 128 numbers from `embedder.ts`. */
  identity: number[];
}

/** Perceptual hashes as hex. The number of differing bits tells how different two pictures are. */
export interface Fingerprint {
  whole: string;
  face: string;
}

export interface VerifyFacts {
  image: VerifyImageFace;
  identity: number[];
}
