/**
 * One closed vocabulary of error codes for window and worker. Names of Azure's Face UI are kept where they say the same
 * thing, so that moving from one to the other is a rename of the tag.
 *
 * `retryable`: whether another attempt, with nothing else changed, can help. `told`: which sentence the person reads; many
 * causes are one thing to them. `cause` speaks to the integrator.
 */
/** What a person can be told of a failure: keys of the sentences in the strings. */
export type FailureSentence =
  | 'browser'
  | 'cameraDenied'
  | 'cameraMissing'
  | 'cameraBusy'
  | 'cameraFailed'
  | 'network'
  | 'technical'
  | 'page'
  | 'session'
  | 'attempts'
  | 'busy'
  | 'integrity'
  | 'noFace'
  | 'severalFaces'
  | 'position'
  | 'light'
  | 'turn'
  | 'turnDeclined'
  | 'canceled';

export const LIVENESS_ERRORS = {
  InsecureContext: { retryable: false, told: 'browser', cause: 'The page is not served over HTTPS or from localhost.' },
  BrowserNotSupported: { retryable: false, told: 'browser', cause: 'A browser feature the element needs is missing.' },
  WebGLNotSupported: {
    retryable: false,
    told: 'browser',
    cause:
      'The browser gives no WebGL2 to a worker, which face detection needs: graphics are switched off, or it is too old.',
  },
  WasmBlockedByPolicy: {
    retryable: false,
    told: 'page',
    cause: 'A content security policy forbids the worker to compile WebAssembly.',
  },
  CameraPermissionDenied: {
    retryable: true,
    told: 'cameraDenied',
    cause: 'The person or a policy of the browser refused the camera.',
  },
  CameraBlockedByPolicy: {
    retryable: false,
    told: 'page',
    cause: 'The permissions policy forbids the camera: an iframe needs allow="camera", a page must not switch it off.',
  },
  CameraNotFound: { retryable: true, told: 'cameraMissing', cause: 'No camera is connected.' },
  CameraInUse: { retryable: true, told: 'cameraBusy', cause: 'Another program holds the camera.' },
  CameraUnsuitable: { retryable: true, told: 'cameraMissing', cause: 'No camera fits what was asked for.' },
  CameraStartupFailure: {
    retryable: true,
    told: 'cameraFailed',
    cause: 'The camera was opened but delivers no pictures.',
  },
  CameraDisconnected: {
    retryable: true,
    told: 'cameraFailed',
    cause: 'The camera was unplugged or its permission withdrawn while in use.',
  },
  AssetsNotLoaded: {
    retryable: true,
    told: 'network',
    cause: 'The face model or its wasm could not be fetched from `assets`.',
  },
  AssetsCorrupt: {
    retryable: true,
    told: 'network',
    cause:
      'The face model or its wasm is not the file of this version: half of one, another version, or changed on its way.',
  },
  AssetsTimedOut: { retryable: true, told: 'network', cause: 'The face model and its wasm did not arrive in time.' },
  DetectorFailed: { retryable: true, told: 'browser', cause: 'Face detection could not be started in this browser.' },
  WorkerNotLoaded: { retryable: true, told: 'network', cause: 'The worker file could not be loaded.' },
  WorkerCrashed: { retryable: true, told: 'technical', cause: 'The worker stopped with an error.' },
  WorkerTimedOut: { retryable: true, told: 'technical', cause: 'The worker did not answer in time.' },
  InvalidToken: {
    retryable: false,
    told: 'session',
    cause: 'The token is not one of a session service, or the service refuses it.',
  },
  TokenExpired: {
    retryable: false,
    told: 'session',
    cause: 'The token is past its lifetime: the back end has to create a new session.',
  },
  SessionNotFound: { retryable: false, told: 'session', cause: 'The session was deleted or has expired.' },
  AttemptsExhausted: { retryable: false, told: 'attempts', cause: 'All attempts of this token are used up.' },
  TooManyRequests: { retryable: true, told: 'busy', cause: 'The service asks to wait before trying again.' },
  ServiceUnreachable: {
    retryable: true,
    told: 'network',
    cause: 'No connection to the session service, or CORS forbids it.',
  },
  ServerRequestTimedOut: { retryable: true, told: 'network', cause: 'The session service did not answer in time.' },
  UnexpectedServerError: {
    retryable: true,
    told: 'technical',
    cause: 'The session service answered with a status of 500 or above.',
  },
  UnexpectedClientError: { retryable: false, told: 'page', cause: 'The session service refused the request.' },
  DigestMismatch: {
    retryable: true,
    told: 'integrity',
    cause: 'The service received other bytes than the element sent.',
  },
  NoFaceDetected: { retryable: true, told: 'noFace', cause: 'No face came into view in time.' },
  MultipleFacesDetected: { retryable: true, told: 'severalFaces', cause: 'More than one face stayed in view.' },
  TimedOut: { retryable: true, told: 'position', cause: 'The face did not come into a good position in time.' },
  FaceTrackingFailed: { retryable: true, told: 'noFace', cause: 'The face was lost during the head turns.' },
  EnvironmentNotSupported: {
    retryable: true,
    told: 'light',
    cause: 'The light stayed unsuitable for the mode of this session.',
  },
  HeadTurnNotPerformed: { retryable: true, told: 'turn', cause: 'A head turn was not made in time.' },
  UserCanceledSession: { retryable: true, told: 'canceled', cause: 'The person or the page canceled.' },
  UserCanceledActiveMotionPrompt: {
    retryable: true,
    told: 'turnDeclined',
    cause: 'The person declined the head turns.',
  },
  UserCanceledActiveMotion: { retryable: true, told: 'canceled', cause: 'The person canceled during the head turns.' },
  AlreadyRunning: {
    retryable: false,
    told: 'page',
    cause: '`start()` was called while a session is running in this element.',
  },
  Unexpected: { retryable: false, told: 'page', cause: 'A defect: please report it with the message.' },
} as const satisfies Record<string, { retryable: boolean; told: FailureSentence; cause: string }>;

export type LivenessErrorCode = keyof typeof LIVENESS_ERRORS;

/** An error as it crosses from worker to window: structured clone drops the fields of error classes. */
export interface Failure {
  code: LivenessErrorCode;
  /** For the developer's console; never holds a token, a key or a picture. */
  message: string;
  /** HTTP status and code of the service's answer, where it gave one. */
  status?: number;
  serviceCode?: string;
  /** Seconds the service asks to wait. */
  retryAfter?: number;
}

/** Thrown on either side of the bridge; `failure` is what crosses it. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** Whatever was thrown, as something that has a code. */
export function failureOf(error: unknown): Failure {
  return error instanceof FailureError ? error.failure : { code: 'Unexpected', message: String(error) };
}

/** What a worker method answers. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };
