/**
 * What the window asks of the worker. Every method answers an `Outcome`, because comlink drops the code of a thrown
 * error. Pictures go in and never come out; what comes out is guidance.
 */
import type { Outcome } from './errors.js';
import type { Guidance, TurnProgress } from './guidance.js';
import type { FrameAnalysis } from './measurements.js';
import type { CapturePolicy } from './policy.js';
import type { CameraSettings, LivenessResponseBody, SessionStartResponse } from './wire.js';

/** A video frame, or the pixels themselves where a browser has no video frames in workers. */
export type Picture = VideoFrame | ImageData;

/** Degrees, clockwise. */
export const ROTATIONS = [0, 90, 180, 270] as const;
export type Rotation = (typeof ROTATIONS)[number];

/** Where the detector's files are: absolute addresses. */
export interface DetectorAddresses {
  model: string;
  wasm: string;
}

export interface DetectorAssets extends DetectorAddresses {
  /**
   * Where the wasm waits that was compiled by `prefetch()` or an earlier run of this page; else it is fetched and compiled,
   * which takes four times as long. Handed on in a channel that the window never reads: where the page's own policy
   * forbids WebAssembly, Firefox lets its window receive nothing compiled, and reports a violation.
   */
  compiled: MessagePort | null;
}

/** What only a worker can find out. */
export interface WorkerFeatures {
  /** It may compile WebAssembly with SIMD: a content security policy can forbid it. */
  webAssembly: boolean;
  webGl2: boolean;
}

/** What one attempt asks for. */
export interface CapturePlan {
  attempt: Pick<SessionStartResponse, 'attemptId' | 'livenessOperationMode' | 'activeMotion' | 'limits'>;
  policy: CapturePolicy;
  /** Width over height of the ring through which the preview is seen. */
  ringAspect: number;
  /** By how much the camera's pictures are turned to stand upright. */
  rotation: Rotation;
}

/**
 * - `framing`: corrections until all is well; `holding`: all is well, pictures are taken;
 * - `prompting`: waits for `beginTurns()`; `turning`: head turns, and a smile;
 * - `captured`: done, `submit()`; `failed`: `failure` says why.
 */
export type CapturePhase = 'framing' | 'holding' | 'prompting' | 'turning' | 'captured' | 'failed';

/** What the window learns of one frame. */
export interface FrameReport {
  phase: CapturePhase;
  /** Null while there is nothing to say. */
  guidance: Guidance | null;
  /** Of the whole capture, 0…1. */
  progress: number;
  turn: TurnProgress | null;
  analysis: FrameAnalysis;
  /** Milliseconds spent in the worker: by the detector, and by all else that is done with the picture. */
  timing: { inference: number; measurement: number };
  /** Why it went to `prompting`: the light, or because the session always asks. */
  promptReason?: 'tooDark' | 'tooBright' | 'required';
  failure?:
    | 'EnvironmentNotSupported'
    | 'HeadTurnNotPerformed'
    | 'SmileNotPerformed'
    | 'FaceTrackingFailed'
    | 'MultipleFacesDetected';
}

/** Where and how the captured frames are sent. */
export interface Submission {
  url: string;
  token: string;
  clientRequestId: string;
  camera: CameraSettings;
  /** Image of the person to compare with, where the client has to bring it. */
  verifyImage: Blob | null;
  /** Milliseconds for the whole request. */
  deadlineMs: number;
}

/** What the service acknowledged. */
export interface Receipt {
  /** The service's `apim-request-id`. */
  requestId: string;
  /** 64 upper-case hex digits of SHA-256 over the request body. */
  digest: string;
  /** Present where the session sends results to the client. */
  body: LivenessResponseBody | null;
}

export interface LivenessWorker {
  features(): Promise<Outcome<WorkerFeatures>>;
  /**
   * Fetches what `load` will need, and compiles the wasm. `onProgress`: share of bytes, 0…1; `next`: where the compiled wasm
   * is put for another worker.
   */
  prefetch(
    addresses: DetectorAddresses,
    onProgress: (share: number) => void,
    next: MessagePort,
  ): Promise<Outcome<null>>;
  /** As `prefetch`, then starts the detector and warms it up. */
  load(
    assets: DetectorAssets,
    deadlineMs: number,
    onProgress: (share: number) => void,
    next: MessagePort,
  ): Promise<Outcome<null>>;
  begin(plan: CapturePlan): Promise<Outcome<null>>;
  /** Takes ownership of `frame` and closes it. `time` must grow from call to call. */
  analyse(frame: Picture, time: number): Promise<Outcome<FrameReport>>;
  /** The person agreed to the head turns. */
  beginTurns(): Promise<Outcome<null>>;
  /** `onProgress`: share of bytes sent, 0…1. A second call sends the same bytes again. */
  submit(submission: Submission, onProgress: (share: number) => void): Promise<Outcome<Receipt>>;
}
