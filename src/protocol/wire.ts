/**
 * The protocol between element and session service. Paths are relative to `{endpoint}/face/{apiVersion}`.
 *
 * Both sides import this file, so it contains only types and constants and imports nothing but its neighbours.
 */
import type { FaceRectangle, NamedPoints } from './geometry.js';
import type { FrameMeasurements } from './measurements.js';

/** API version the element uses unless the token names another. */
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
  /** Set by the service on every answer: the UUID under which the request is listed in the audit. */
  requestId: 'apim-request-id',
  /** Set on every error: the code that is also in the body. */
  errorCode: 'x-ms-error-code',
  /** RFC 9530: `sha-256=:<base64>:` over the exact bytes of the request body. */
  contentDigest: 'content-digest',
} as const;

/** Part names of the multipart body of a liveness call. */
export const PARTS = { manifest: 'manifest', frame: 'frame', verifyImage: 'VerifyImage' } as const;

/** Bytes of a verify image (Face API error codes: 1 KB to 6 MB). */
export const VERIFY_IMAGE_BYTES = { min: 1024, max: 6 * 1024 * 1024 } as const;

export const LIVENESS_OPERATION_MODES = ['Passive', 'PassiveActive'] as const;
export type LivenessOperationMode = (typeof LIVENESS_OPERATION_MODES)[number];

/** Head turns the service can ask for; left and right are the person's own. */
export const HEAD_TURNS = ['lookLeft', 'lookRight', 'lookUp', 'lookDown'] as const;
export type HeadTurn = (typeof HEAD_TURNS)[number];

/** Everything the service can ask a person to do. */
export const ACTIVE_MOTIONS = [...HEAD_TURNS, 'smile'] as const;
export type ActiveMotion = (typeof ACTIVE_MOTIONS)[number];

/** What the person was asked to do when a frame was taken. */
export type CaptureStep = 'passive' | ActiveMotion;

/** Body of `POST /session/start`. */
export interface SessionStartRequest {
  /**
   * At most 64 characters; required if the session was created with `deviceCorrelationIdSetInClient`, absent otherwise.
   */
  deviceCorrelationId?: string;
  client: { name: string; version: string };
}

/** Answer to `POST /session/start`: the attempt that was opened. */
export interface SessionStartResponse {
  sessionId: string;
  /** Counts from 1 within the session. */
  attemptId: number;
  /** Attempts that can still be started with this token after this one. */
  attemptsRemaining: number;
  livenessOperationMode: LivenessOperationMode;
  activeMotion: {
    /** True: the motions are asked for whatever the light. */
    required: boolean;
    /**
     * Head turns, and a smile if the service asks for it; drawn at random for this attempt, to be performed in this
     * order.
     */
    directions: ActiveMotion[];
  };
  limits: {
    /** Maximum number of frames in one submission; the element leaves frames out to keep to it, and to `maxBytes`. */
    maxFrames: number;
    /** Maximum size of the whole request body in bytes. */
    maxBytes: number;
    /** Seconds from now within which the submission must arrive; never more than the token has left. */
    seconds: number;
  };
}

/** Body of `POST /session/attempt/end`. */
export interface AttemptEndRequest {
  attemptId: number;
  /** An error code of the element's vocabulary, such as `UserCanceledSession`. */
  reason: string;
}

/**
 * Minimum length of a frame's shorter side, in pixels: a smaller frame shows a judge too little. Thermal cameras
 * deliver less.
 */
export const MIN_FRAME_SIDE = 120;

/** The `manifest` part of a liveness call. */
export interface CaptureManifest {
  attemptId: number;
  mode: LivenessOperationMode;
  camera: CameraSettings;
  /** In order of capture. */
  frames: ManifestFrame[];
}

/** Settings that the camera track reports. A claim of the client, never evidence. */
export interface CameraSettings {
  /** Pixels of the delivered picture. */
  width: number;
  height: number;
  /** Frames per second, if the browser reports it. */
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

export const LIVENESS_DECISIONS = ['uncertain', 'realface', 'spoofface'] as const;
export type LivenessDecision = (typeof LIVENESS_DECISIONS)[number];

/**
 * Body of the answer to a liveness call: 200 if the session sends results to the client, otherwise an empty 204. It may
 * have further fields.
 */
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

/** Body of every error response. */
export interface FaceErrorResponse {
  /** `target`: the part of the request at fault, if the message does not say. */
  error: { code: string; message: string; target?: string };
}
