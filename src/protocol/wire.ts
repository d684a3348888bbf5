/**
 * What the element and the session service say to each other. Paths are relative to `{endpoint}/face/{apiVersion}`.
 *
 * Both sides import this file, so it holds types and constants only and imports nothing but its neighbours.
 */
import type { FaceRectangle, NamedPoints } from './geometry.js';
import type { FrameMeasurements } from './measurements.js';

/** API version the element speaks when nothing else is asked for. */
export const DEFAULT_API_VERSION = 'v1.2-preview.1';

/** Client routes, relative to `{endpoint}/face/{apiVersion}`. */
export const CLIENT_PATHS = {
  sessionStart: '/session/start',
  attemptEnd: '/session/attempt/end',
  detectLiveness: '/detectLiveness/singleModal',
  detectLivenessWithVerify: '/detectLivenessWithVerify/singleModal',
} as const;

/** Header names, in the lower case in which `Headers` reports them. */
export const HEADERS = {
  /** Sent by the element on every request: a fresh UUID, kept on a retry of the same request. */
  clientRequestId: 'client-request-id',
  /** Answered by the service on every request: the UUID under which the request stands in the audit. */
  requestId: 'apim-request-id',
  /** Answered with every error: the code that also stands in the body. */
  errorCode: 'x-ms-error-code',
  /** RFC 9530: `sha-256=:<base64>:` over the exact bytes of the request body. */
  contentDigest: 'content-digest',
} as const;

/** Part names of the multipart body of a liveness call. */
export const PARTS = { manifest: 'manifest', frame: 'frame', verifyImage: 'VerifyImage' } as const;

/** Bytes of a verify image (Face API error codes: 1 KB to 6 MB). */
export const VERIFY_IMAGE_BYTES = { min: 1024, max: 6 * 1024 * 1024 } as const;

export type LivenessOperationMode = 'Passive' | 'PassiveActive';

/** Head turns the service can draw; left and right are the person's own. */
export const HEAD_TURNS = ['lookLeft', 'lookRight', 'lookUp', 'lookDown'] as const;
export type HeadTurn = (typeof HEAD_TURNS)[number];

/** All that the service can ask a person to do. */
export const ACTIVE_MOTIONS = [...HEAD_TURNS, 'smile'] as const;
export type ActiveMotion = (typeof ACTIVE_MOTIONS)[number];

/** What the person was asked to do when a frame was taken. */
export type CaptureStep = 'passive' | ActiveMotion;

/** Body of `POST /session/start`. */
export interface SessionStartRequest {
  /** At most 64 characters; only, and then always, where the session was created with `deviceCorrelationIdSetInClient`. */
  deviceCorrelationId?: string;
  client: { name: string; version: string };
}

/** Answer of `POST /session/start`: one attempt, opened. */
export interface SessionStartResponse {
  sessionId: string;
  /** Counts from 1 within the session. */
  attemptId: number;
  /** Attempts that can still be started with this token after this one. */
  attemptsRemaining: number;
  livenessOperationMode: LivenessOperationMode;
  activeMotion: {
    /** True: the directions are asked for whatever the light. */
    required: boolean;
    /** Head turns, and a smile where the service asks for it; drawn for this attempt, in the order in which they must be met. */
    directions: ActiveMotion[];
  };
  limits: {
    /** Most frames in one submission. */
    maxFrames: number;
    /** Most bytes of the whole request body. */
    maxBytes: number;
    /** Seconds from now within which the submission must arrive. */
    seconds: number;
  };
}

/** Body of `POST /session/attempt/end`. */
export interface AttemptEndRequest {
  attemptId: number;
  /** An error code of the element's vocabulary, such as `UserCanceledSession`. */
  reason: string;
}

/** The `manifest` part of a liveness call. */
export interface CaptureManifest {
  attemptId: number;
  mode: LivenessOperationMode;
  camera: CameraSettings;
  /** In order of capture. */
  frames: ManifestFrame[];
}

/** What the camera track said of itself. A claim of the client, never evidence. */
export interface CameraSettings {
  /** Pixels, as delivered. */
  width: number;
  height: number;
  /** Frames per second, where the browser tells. */
  frameRate?: number;
  facingMode?: string;
  label?: string;
}

export interface ManifestFrame {
  /** `frame-000.jpg`, counting from 000: the `filename` of the part that holds the picture. */
  fileName: string;
  /** Milliseconds since the first frame of this manifest. */
  timeOffsetInMs: number;
  step: CaptureStep;
  faceRectangle: FaceRectangle;
  points: NamedPoints;
  measurements: FrameMeasurements;
}

export type LivenessDecision = 'uncertain' | 'realface' | 'spoofface';

/** Body of a liveness answer: 200 where the session sends results to the client, otherwise an empty 204. An open record. */
export interface LivenessResponseBody {
  livenessDecision?: LivenessDecision;
  target?: {
    faceRectangle: FaceRectangle;
    fileName: string;
    timeOffsetWithinFile: number;
    imageType: 'Color' | 'Infrared' | 'Depth';
  };
  modelVersionUsed?: string;
  verifyResult?: {
    verifyImage: { faceRectangle: FaceRectangle; qualityForRecognition: 'low' | 'medium' | 'high' };
    /** 0…1 */
    matchConfidence: number;
    isIdentical: boolean;
  };
  [key: string]: unknown;
}

/** Every answer that is not a success. */
export interface FaceErrorResponse {
  /** `target`: what of the request is at fault, where the message does not say. */
  error: { code: string; message: string; target?: string };
}
