/**
 * What the window asks of the worker. Every method returns an `Outcome`, because comlink drops the code of a thrown
 * error. Pictures go in and never come out; what comes out is guidance.
 */
import type { Outcome } from './failure.js';
import type { Guidance, TurnProgress } from './guidance.js';
import type { FrameAnalysis } from './measurements.js';
import type { CapturePolicy } from './policy.js';
import type { CameraSettings, LivenessDecision, SessionStartResponse } from './wire.js';

/** A video frame, or its pixels if the browser has no `VideoFrame`. */
export type Picture = VideoFrame | ImageData;

/** Degrees, clockwise. */
export const ROTATIONS = [0, 90, 180, 270] as const;
export type Rotation = (typeof ROTATIONS)[number];

/** Absolute addresses of the detector's files. */
export interface DetectorAddresses {
  model: string;
  wasm: string;
}

export interface DetectorAssets extends DetectorAddresses {
  /**
   * Port that delivers the wasm module compiled by `prefetch()` or by an earlier run in this page; null if the worker
   * has to fetch and compile it, which takes four times as long. The window passes the port on without reading it: if
   * the page's own policy forbids WebAssembly, Firefox does not let its window receive a compiled module, and reports a
   * violation.
   */
  compiled: MessagePort | null;
}

/** What only a worker can find out. */
export interface WorkerFeatures {
  /** Whether the worker may compile WebAssembly with SIMD: a content security policy can forbid it. */
  webAssembly: boolean;
  webGl2: boolean;
}

/** What is captured in one attempt, and how. */
export interface CapturePlan {
  attempt: Pick<SessionStartResponse, 'attemptId' | 'livenessOperationMode' | 'activeMotion' | 'limits'>;
  policy: CapturePolicy;
  /** Width over height of the ring that shows the preview. */
  ringAspect: number;
  /** Clockwise rotation that brings the pictures of the camera upright. */
  rotation: Rotation;
}

/**
 * - `framing`: corrections until all is well; `holding`: the person is told to hold still, pictures are taken;
 * - `prompting`: waits for `beginTurns()`; `turning`: head turns, and a smile;
 * - `captured`: done, ready for `submit()`; `failed`: `failure` says why.
 */
export type CapturePhase = 'framing' | 'holding' | 'prompting' | 'turning' | 'captured' | 'failed';

/** What the worker reports to the window about one frame. */
export interface FrameReport {
  phase: CapturePhase;
  /** Null while there is nothing to say. */
  guidance: Guidance | null;
  /** Progress of the whole capture, 0…1. */
  progress: number;
  turn: TurnProgress | null;
  analysis: FrameAnalysis;
  /** Milliseconds spent in the worker: by the detector, and on everything else. */
  timing: { inference: number; measurement: number };
  /** Why the phase became `prompting`: the light, or because the session always asks for head turns. */
  promptReason?: 'tooDark' | 'tooBright' | 'required';
  failure?:
    | 'CameraInterrupted'
    | 'EnvironmentNotSupported'
    | 'HeadTurnNotPerformed'
    | 'SmileNotPerformed'
    | 'FaceTrackingFailed'
    | 'MultipleFacesDetected';
}

/** Address and parameters of the submission. */
export interface Submission {
  url: string;
  token: string;
  clientRequestId: string;
  camera: CameraSettings;
  /** Image of the person to compare with, if the client has to provide it. */
  verifyImage: Blob | null;
  /** Time limit for the whole request, in milliseconds. */
  deadlineMs: number;
}

/** What the service acknowledged. */
export interface Receipt {
  /** The service's `apim-request-id`. */
  requestId: string;
  /** 64 upper-case hex digits of SHA-256 over the request body. */
  digest: string;
  /** For display only; null if the session sends no results to the client. */
  livenessDecision: LivenessDecision | null;
}

export interface LivenessWorker {
  features(): Promise<Outcome<WorkerFeatures>>;
  /**
   * Fetches what `load` will need, and compiles the wasm. `onProgress`: share of bytes, 0…1; `next`: port to which the
   * compiled wasm is posted, for another worker.
   */
  prefetch(
    addresses: DetectorAddresses,
    onProgress: (share: number) => void,
    next: MessagePort,
  ): Promise<Outcome<void>>;
  /** Like `prefetch`, then starts the detector and warms it up. */
  load(
    assets: DetectorAssets,
    deadlineMs: number,
    onProgress: (share: number) => void,
    next: MessagePort,
  ): Promise<Outcome<void>>;
  begin(plan: CapturePlan): Promise<Outcome<void>>;
  /** Takes ownership of `frame` and closes it. `time`: milliseconds, increasing from call to call. */
  analyse(frame: Picture, time: number): Promise<Outcome<FrameReport>>;
  /** The person agreed to the head turns. */
  beginTurns(): Promise<Outcome<void>>;
  /** `onProgress`: share of bytes sent, 0…1. A second call sends the same bytes again. */
  submit(submission: Submission, onProgress: (share: number) => void): Promise<Outcome<Receipt>>;
}
