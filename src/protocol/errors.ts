/** What a person can be told of a failure: keys of the sentences in the strings. */
export type FailureSentence =
  | 'browser'
  | 'cameraDenied'
  | 'cameraMissing'
  | 'cameraBusy'
  | 'cameraFailed'
  | 'network'
  | 'slow'
  | 'technical'
  | 'page'
  | 'session'
  | 'attempts'
  | 'busy'
  | 'integrity'
  | 'noFace'
  | 'severalFaces'
  | 'position'
  | 'late'
  | 'light'
  | 'turn'
  | 'smile'
  | 'turnDeclined'
  | 'canceled';

interface ErrorDescription {
  /** Whether another attempt, with nothing else changed by the page, can help. */
  retryable: boolean;
  /** The sentence that the person reads; several codes may share one. */
  told: FailureSentence;
  /** Written for the integrator, like `remedy`; the person never reads it. */
  cause: string;
  remedy: string;
}

/**
 * One closed vocabulary of error codes for window and worker. Names of Azure's Face UI are kept where they say the same
 * thing, so that moving from one to the other is a rename of the tag. `docs/errors.md` is made from it.
 */
export const LIVENESS_ERRORS = {
  InsecureContext: {
    retryable: false,
    told: 'page',
    cause: 'The page, or the session service, is not served over HTTPS or from localhost.',
    remedy: 'Serve it over HTTPS; inside an iframe, every page around it too.',
  },
  BrowserNotSupported: {
    retryable: false,
    told: 'browser',
    cause: 'A browser feature the element needs is missing; the message names it.',
    remedy: 'Call `checkSupport()` early, and offer another device or another way.',
  },
  WebGLNotSupported: {
    retryable: false,
    told: 'browser',
    cause: 'The browser provides no WebGL2 in a worker: it is too old, or hardware acceleration is off.',
    remedy: 'Call `checkSupport()` early, and offer another browser; switching on hardware acceleration can help.',
  },
  WasmBlockedByPolicy: {
    retryable: false,
    told: 'page',
    cause: 'A content security policy forbids the worker to compile WebAssembly.',
    remedy: "Send the worker file with `script-src 'wasm-unsafe-eval'` in its policy, or with none: see csp.md.",
  },
  CameraPermissionDenied: {
    retryable: true,
    told: 'cameraDenied',
    cause: 'The person or the system refused the camera, or did not answer within `deadlines.permission`.',
    remedy: 'Say why the camera is needed before `start()`; the person has to allow it in the browser’s settings.',
  },
  CameraPermissionRevoked: {
    retryable: true,
    told: 'cameraDenied',
    cause: 'The permission for the camera was withdrawn while it was in use.',
    remedy: 'Let the person try again; the browser asks anew, or they allow it in its settings.',
  },
  CameraBlockedByPolicy: {
    retryable: false,
    told: 'page',
    cause: 'A permissions policy forbids the camera.',
    remedy: 'Give the iframe `allow="camera"`; do not send `Permissions-Policy: camera=()`.',
  },
  CameraNotFound: {
    retryable: true,
    told: 'cameraMissing',
    cause: 'No camera is connected.',
    remedy: 'Offer to go on with a phone; `checkSupport()` tells beforehand.',
  },
  CameraInUse: {
    retryable: true,
    told: 'cameraBusy',
    cause: 'Another program or page holds the camera.',
    remedy: 'Let the person close it and try again.',
  },
  CameraStartupFailure: {
    retryable: true,
    told: 'cameraFailed',
    cause: 'The camera was opened but delivers no picture, or one of fewer than 120 pixels on a side.',
    remedy: 'Let the person try again or choose another camera; `deadlines.camera` sets how long the element waits.',
  },
  CameraInterrupted: {
    retryable: true,
    told: 'cameraFailed',
    cause:
      'The camera stopped showing pictures: another program or the system took it, or its shutter is closed. In the ' +
      'head turns also: it was covered for so long that the turn ran out of time.',
    remedy: 'Let the person try again or choose another camera; `deadlines.camera` sets how long the element waits.',
  },
  CameraDisconnected: {
    retryable: true,
    told: 'cameraFailed',
    cause:
      'The camera was unplugged or failed while in use, and there is no other, or head turns were asked for already.',
    remedy: 'Let the person connect it and try again.',
  },
  AssetsNotLoaded: {
    retryable: true,
    told: 'network',
    cause: 'The face model or its wasm could not be fetched.',
    remedy: 'Check that `assets` is where they are served, and that `connect-src` and CORS allow it.',
  },
  AssetsCorrupt: {
    retryable: true,
    told: 'technical',
    cause:
      'The face model or its wasm is not the file of this version: cut off, changed on its way, or of another version.',
    remedy: 'Serve `liveness-assets/` of the same version as the script, unchanged.',
  },
  AssetsTimedOut: {
    retryable: true,
    told: 'slow',
    cause:
      'The face model and its wasm did not arrive within `deadlines.assets` (a session retries a download that stalls ' +
      'for 20 seconds), or a download of `prefetch()` stalled for that long.',
    remedy: 'Serve them compressed, and call `prefetch()` before they are needed.',
  },
  DetectorFailed: {
    retryable: true,
    told: 'browser',
    cause: 'Face detection could not be started in this browser.',
    remedy: 'Please report it with the message and the browser’s version.',
  },
  WorkerNotLoaded: {
    retryable: true,
    told: 'network',
    cause: 'The worker file could not be loaded or did not come within 30 seconds, or the connection was lost.',
    remedy: 'Serve it beside the script or say where in `worker-url`; `worker-src` has to allow it.',
  },
  WorkerCrashed: {
    retryable: true,
    told: 'technical',
    cause: 'The worker stopped with an error.',
    remedy: 'Please report it with the message.',
  },
  WorkerTimedOut: {
    retryable: true,
    told: 'technical',
    cause: 'The worker, which had started, did not answer in time: the device is very slow, or busy.',
    remedy: 'Let the person try again; `deadlines.frame` sets how long the element waits.',
  },
  InvalidToken: {
    retryable: false,
    told: 'page',
    cause: 'The token is not one of a session service, or the service refuses it.',
    remedy: 'Hand over the `authToken` of a created session unchanged; `endpoint` has to be the service that made it.',
  },
  TokenExpired: {
    retryable: false,
    told: 'session',
    cause: 'The token is past its lifetime.',
    remedy: 'Create a new session, shortly before it is needed.',
  },
  SessionNotFound: {
    retryable: false,
    told: 'session',
    cause: 'The session was deleted or is too old, or `endpoint`, or the token’s `aud` or `ver`, leads elsewhere.',
    remedy: 'Create a new session; where that does not help, look at which address is called.',
  },
  AttemptsExhausted: {
    retryable: false,
    told: 'attempts',
    cause: 'All attempts of this token are used up.',
    remedy: 'Read the result; create a new session if the person may go on.',
  },
  AttemptExpired: {
    retryable: true,
    told: 'late',
    cause: 'The attempt is no longer open: it took longer than the service allows, or another one was started.',
    remedy: 'Let the person try again; run one element at a time with one token.',
  },
  InvalidDeviceCorrelationId: {
    retryable: false,
    told: 'page',
    cause:
      'The session wants `device-correlation-id` from the page, and it is missing, too long, blank, has invisible ' +
      'characters, or differs from that of an earlier attempt.',
    remedy: 'Set `device-correlation-id` to the same 1 to 64 visible characters for every attempt of the session.',
  },
  VerifyImageNotReadable: {
    retryable: true,
    told: 'technical',
    cause: 'The file of `verifyImage` is gone, or did not come within `deadlines.sessionStart`.',
    remedy: 'Hand over a `Blob` that is in memory, or let the person choose the file again.',
  },
  TooManyRequests: {
    retryable: true,
    told: 'busy',
    cause: 'The service asks to wait before trying again; `retryAfter` says how many seconds.',
    remedy: 'Offer another try after that.',
  },
  Offline: {
    retryable: true,
    told: 'network',
    cause: 'The device was offline for longer than `deadlines.offline`.',
    remedy: 'Let the person try again with a connection.',
  },
  ServiceUnreachable: {
    retryable: true,
    told: 'network',
    cause:
      'No connection to the session service within `deadlines.sessionStart` or `deadlines.submit`, or CORS or ' +
      '`connect-src` forbids it, or an address that it redirects to.',
    remedy: 'Check that the service allows the page’s origin, and the page’s policy the service.',
  },
  ServerRequestTimedOut: {
    retryable: true,
    told: 'slow',
    cause: 'The session service did not answer in time.',
    remedy: 'Let the person try again; `deadlines.sessionStart` and `deadlines.submit` set how long the element waits.',
  },
  UnexpectedServerError: {
    retryable: true,
    told: 'technical',
    cause:
      'The session service answered with a status of 500 or above or not as wire.md says, or something else answered in its place.',
    remedy: 'Look into the service’s log: `status` and `serviceCode` say what it answered.',
  },
  UnexpectedClientError: {
    retryable: false,
    told: 'page',
    cause:
      'The session service refused the request or redirected it, or would have refused: a `verifyImage` is checked before the camera goes on.',
    remedy:
      'See `serviceCode`: `verifyImage` does not fit the session (`VerifyImageNotProvided`, `VerifyImageNotAllowed`) or ' +
      'cannot be used (`InvalidImage`, `InvalidImageSize`), a frame cannot be used (judges.md), the session is of another kind, ' +
      'or element and service differ in version. With `status` 413 a proxy in front of the service refuses a body of that size (service.md). ' +
      'No redirect is accepted: `endpoint`, or the token’s `aud`, has to be the final address.',
  },
  DigestMismatch: {
    retryable: true,
    told: 'integrity',
    cause: 'The service received other bytes than the element sent.',
    remedy: 'Something between changes requests: a proxy, an extension, or an attack. Do not trust the session.',
  },
  PageHidden: {
    retryable: true,
    told: 'technical',
    cause:
      'The page was in the background for longer than `deadlines.hidden`, or the element not shown: in a closed dialog, by ' +
      '`display: none`, or in a frame that is scrolled away.',
    remedy: 'Let the person try again; `cancel()` where your page hides the element for good.',
  },
  PageSuspended: {
    retryable: true,
    told: 'technical',
    cause:
      'The person left the page, or the browser froze it after the camera was asked for, while a session was running.',
    remedy: 'Let the person try again when they are back.',
  },
  NoFaceDetected: {
    retryable: true,
    told: 'noFace',
    cause: 'No face came into view within `deadlines.framing`.',
    remedy: 'Let the person try again, in better light or with another camera.',
  },
  MultipleFacesDetected: {
    retryable: true,
    told: 'severalFaces',
    cause:
      'More than one face stayed in view: to the end of `deadlines.framing`, or for more than four seconds of the head turns.',
    remedy: 'Let the person try again alone.',
  },
  TimedOut: {
    retryable: true,
    told: 'position',
    cause: 'The face did not come into a good position within `deadlines.framing`.',
    remedy: 'Let the person try again; `policy` has the thresholds, for unusual cameras.',
  },
  ActiveMotionPromptTimedOut: {
    retryable: true,
    told: 'late',
    cause: 'The person did not answer within `deadlines.prompting` whether they agree to head turns.',
    remedy: 'Let the person try again; a longer `deadlines.prompting` gives more time to read.',
  },
  FaceTrackingFailed: {
    retryable: true,
    told: 'noFace',
    cause: 'For more than four seconds of the head turns no face was in view.',
    remedy: 'Let the person try again.',
  },
  EnvironmentNotSupported: {
    retryable: true,
    told: 'light',
    cause: 'The light stayed unsuitable for the mode of this session.',
    remedy: 'Let the person try again in other light, or create a `PassiveActive` session.',
  },
  HeadTurnNotPerformed: {
    retryable: true,
    told: 'turn',
    cause: 'A head turn, or the look into the camera before a motion or after it, was not made in time.',
    remedy:
      'Let the person try again, or offer another way: not everyone can turn their head. A `Passive` session helps only ' +
      'where your judge decides without head turns.',
  },
  SmileNotPerformed: {
    retryable: true,
    told: 'smile',
    cause:
      'The smile that was asked for was not seen in time; a mouth that already smiled during the hold cannot widen further.',
    remedy: 'Let the person try again and smile only when asked, or offer another way: not everyone can smile.',
  },
  UserCanceledSession: {
    retryable: true,
    told: 'canceled',
    cause: 'The person or the page canceled.',
    remedy: 'Offer another try or another way.',
  },
  UserCanceledActiveMotionPrompt: {
    retryable: true,
    told: 'turnDeclined',
    cause: 'The person declined the head turns.',
    remedy:
      'Offer another try or another way: not everyone can turn their head. Better light helps only where the session ' +
      'does not always ask.',
  },
  UserCanceledActiveMotion: {
    retryable: true,
    told: 'canceled',
    cause: 'The person or the page canceled during the head turns.',
    remedy: 'Offer another try or another way.',
  },
  AlreadyRunning: {
    retryable: true,
    told: 'technical',
    cause: 'A session is running in this page; there is one camera and one worker.',
    remedy: 'Let the person try again when it has ended, or `cancel()` it.',
  },
  Unexpected: {
    retryable: false,
    told: 'page',
    cause: 'A defect of the element.',
    remedy: 'Please report it with the message.',
  },
} as const satisfies Record<string, ErrorDescription>;

export type LivenessErrorCode = keyof typeof LIVENESS_ERRORS;

/** An error in the form that crosses from worker to window: structured clone drops the fields of error classes. */
export interface Failure {
  code: LivenessErrorCode;
  /** For the developer's console; never holds a token, a key or a picture. */
  message: string;
  /** HTTP status of the server that refused. */
  status?: number;
  /** Error code of the service, if it gave one or would have. */
  serviceCode?: string;
  /** Seconds the service asks to wait. */
  retryAfter?: number;
}

/** Thrown on either side of the bridge; `failure` is what crosses it. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** Turns any thrown value into a failure with a code. */
export function failureOf(error: unknown): Failure {
  return error instanceof FailureError ? error.failure : { code: 'Unexpected', message: String(error) };
}

/** Result of a worker method. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };
