/**
 * One closed vocabulary of error codes for window and worker. Names of Azure's Face UI are kept where they say the same
 * thing, so that moving from one to the other is a rename of the tag.
 *
 * `retryable`: whether another attempt, with nothing else changed, can help. `cause` speaks to the integrator; what the
 * person is told stands in the strings, under the same code.
 */
export const LIVENESS_ERRORS = {
  InsecureContext: { retryable: false, cause: 'The page is not served over HTTPS or from localhost.' },
  BrowserNotSupported: { retryable: false, cause: 'A browser feature the element needs is missing.' },
  CameraPermissionDenied: { retryable: true, cause: 'The person or a policy of the browser refused the camera.' },
  CameraBlockedByPolicy: {
    retryable: false,
    cause: 'The permissions policy forbids the camera: an iframe needs allow="camera", a page must not switch it off.',
  },
  CameraNotFound: { retryable: true, cause: 'No camera is connected.' },
  CameraInUse: { retryable: true, cause: 'Another program holds the camera.' },
  CameraUnsuitable: { retryable: false, cause: 'No camera fits what was asked for.' },
  CameraStartupFailure: { retryable: true, cause: 'The camera was opened but delivers no pictures.' },
  CameraDisconnected: { retryable: true, cause: 'The camera was unplugged or its permission withdrawn while in use.' },
  AssetsNotLoaded: { retryable: true, cause: 'The face model or its wasm could not be fetched from `assets`.' },
  DetectorFailed: { retryable: true, cause: 'Face detection could not be started in this browser.' },
  WorkerNotLoaded: { retryable: true, cause: 'The worker file could not be loaded.' },
  WorkerCrashed: { retryable: true, cause: 'The worker stopped with an error.' },
  WorkerTimedOut: { retryable: true, cause: 'The worker did not answer in time.' },
  InvalidToken: { retryable: false, cause: 'The token is not one of a session service, or the service refuses it.' },
  TokenExpired: {
    retryable: false,
    cause: 'The token is past its lifetime: the back end has to create a new session.',
  },
  SessionNotFound: { retryable: false, cause: 'The session was deleted or has expired.' },
  AttemptsExhausted: { retryable: false, cause: 'All attempts of this token are used up.' },
  TooManyRequests: { retryable: true, cause: 'The service asks to wait before trying again.' },
  ServiceUnreachable: { retryable: true, cause: 'No connection to the session service, or CORS forbids it.' },
  ServerRequestTimedOut: { retryable: true, cause: 'The session service did not answer in time.' },
  UnexpectedServerError: { retryable: true, cause: 'The session service answered with a status of 500 or above.' },
  UnexpectedClientError: { retryable: false, cause: 'The session service refused the request.' },
  DigestMismatch: { retryable: true, cause: 'The service received other bytes than the element sent.' },
  NoFaceDetected: { retryable: true, cause: 'No face came into view in time.' },
  MultipleFacesDetected: { retryable: true, cause: 'More than one face stayed in view.' },
  TimedOut: { retryable: true, cause: 'The face did not come into a good position in time.' },
  FaceTrackingFailed: { retryable: true, cause: 'The face was lost during the head turns.' },
  EnvironmentNotSupported: { retryable: true, cause: 'The light stayed unsuitable for the mode of this session.' },
  HeadTurnNotPerformed: { retryable: true, cause: 'A head turn was not made in time.' },
  UserCanceledSession: { retryable: true, cause: 'The person or the page canceled.' },
  UserCanceledActiveMotionPrompt: { retryable: true, cause: 'The person declined the head turns.' },
  UserCanceledActiveMotion: { retryable: true, cause: 'The person canceled during the head turns.' },
  AlreadyRunning: { retryable: false, cause: '`start()` was called while a session is running in this element.' },
  Unexpected: { retryable: false, cause: 'A defect: please report it with the message.' },
} as const satisfies Record<string, { retryable: boolean; cause: string }>;

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

/** What a worker method answers. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };
