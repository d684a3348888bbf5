/** What the person is told about a failure: a key of `failed` in the strings. */
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
  /** Whether another attempt can help if the page changes nothing. */
  retryable: boolean;
  /** The sentence that the person reads; several codes may share one. */
  told: FailureSentence;
  /** Written for the integrator, like `remedy`; the person never reads it. */
  cause: string;
  remedy: string;
}

/**
 * One closed vocabulary of error codes for window and worker. Where a code means the same as one of Azure's Face UI, it
 * has the same name, so that moving from one to the other is a rename of the tag. `docs/errors.md` is generated from
 * this.
 */
export const LIVENESS_ERRORS = {
  InsecureContext: {
    retryable: false,
    told: 'page',
    cause: 'The page, or the session service, is not served over HTTPS or from localhost.',
    remedy: 'Serve both over HTTPS. If the page is in an iframe, every page around it needs HTTPS too.',
  },
  BrowserNotSupported: {
    retryable: false,
    told: 'browser',
    cause: 'The browser lacks a feature that the element needs. The message names it.',
    remedy: 'Call `checkSupport()` early, and offer another device or another way to continue.',
  },
  WebGLNotSupported: {
    retryable: false,
    told: 'browser',
    cause: 'The browser provides no WebGL2 in a worker: it is too old, or hardware acceleration is off.',
    remedy: 'Call `checkSupport()` early, and offer another browser. Switching on hardware acceleration can help.',
  },
  WasmBlockedByPolicy: {
    retryable: false,
    told: 'page',
    cause: 'A content security policy does not allow the worker to compile WebAssembly.',
    remedy: "Send the worker file with `script-src 'wasm-unsafe-eval'` in its policy, or without a policy: see csp.md.",
  },
  CameraPermissionDenied: {
    retryable: true,
    told: 'cameraDenied',
    cause: 'The person or the system refused the camera, or did not answer within `deadlines.permission`.',
    remedy:
      'Explain why the camera is needed before you call `start()`. The person has to allow it in the browser’s ' +
      'settings.',
  },
  CameraPermissionRevoked: {
    retryable: true,
    told: 'cameraDenied',
    cause: 'The permission for the camera was withdrawn while it was in use.',
    remedy: 'Let the person try again. The browser asks again, or they allow the camera in its settings.',
  },
  CameraBlockedByPolicy: {
    retryable: false,
    told: 'page',
    cause: 'A permissions policy forbids the camera.',
    remedy: 'Give the iframe `allow="camera"`, and do not send `Permissions-Policy: camera=()`.',
  },
  CameraNotFound: {
    retryable: true,
    told: 'cameraMissing',
    cause: 'No camera is connected.',
    remedy: 'Offer to continue on a phone. `checkSupport()` tells you beforehand.',
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
    cause: 'The camera opened but delivers no picture, or its pictures have fewer than 120 pixels on a side.',
    remedy: 'Let the person try again or choose another camera. `deadlines.camera` sets how long the element waits.',
  },
  CameraInterrupted: {
    retryable: true,
    told: 'cameraFailed',
    cause:
      'The camera no longer shows anything: another program or the system took it, or its shutter is closed. ' +
      'During head turns, it may also have been covered for so long that the turn ran out of time.',
    remedy: 'Let the person try again or choose another camera. `deadlines.camera` sets how long the element waits.',
  },
  CameraDisconnected: {
    retryable: true,
    told: 'cameraFailed',
    cause:
      'The camera was unplugged or failed while in use. There is no other camera, the camera stopped again and ' +
      'again, or the element had already asked for head turns.',
    remedy: 'Let the person connect it and try again.',
  },
  AssetsNotLoaded: {
    retryable: true,
    told: 'network',
    cause: 'The face model or its wasm could not be fetched.',
    remedy: 'Check that the files are served at `assets`, and that `connect-src` and CORS allow them.',
  },
  AssetsCorrupt: {
    retryable: true,
    told: 'technical',
    cause:
      'The face model or its wasm is not the file of this version: it was cut off or changed on its way, or ' +
      'belongs to another version.',
    remedy: 'Serve `liveness-assets/` of the same version as the script, unchanged.',
  },
  AssetsTimedOut: {
    retryable: true,
    told: 'slow',
    cause:
      'The face model and its wasm did not arrive within `deadlines.assets`, although a session retries a ' +
      'download that stalls for 20 seconds. Or a download of `prefetch()` stalled for 20 seconds.',
    remedy: 'Serve them compressed, and call `prefetch()` before they are needed.',
  },
  DetectorFailed: {
    retryable: true,
    told: 'browser',
    cause: 'The browser could not start face detection.',
    remedy: 'Please report it with the message and the browser’s version.',
  },
  WorkerNotLoaded: {
    retryable: true,
    told: 'network',
    cause: 'The worker file could not be loaded or did not arrive within 30 seconds, or the connection was lost.',
    remedy: 'Serve it beside the script, or set its address in `worker-url`. `worker-src` has to allow it.',
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
    cause: 'The worker had started but did not answer in time. The device is very slow or busy.',
    remedy: 'Let the person try again. `deadlines.frame` sets how long the element waits.',
  },
  InvalidToken: {
    retryable: false,
    told: 'page',
    cause:
      'The element cannot read the token as one of a session service, or the service refuses it. Or `endpoint`, or ' +
      'the token’s `aud`, is not a valid address.',
    remedy:
      'Pass the `authToken` of a created session unchanged. `endpoint` has to be the service that created the ' +
      'session.',
  },
  TokenExpired: {
    retryable: false,
    told: 'session',
    cause: 'The token has expired.',
    remedy: 'Create a new session shortly before it is needed.',
  },
  SessionNotFound: {
    retryable: false,
    told: 'session',
    cause:
      'The session was deleted or is too old, or `endpoint` (or the token’s `aud` or `ver`) leads to an address at ' +
      'which there is no session service.',
    remedy: 'Create a new session. If that does not help, check which address the element calls.',
  },
  AttemptsExhausted: {
    retryable: false,
    told: 'attempts',
    cause: 'All attempts of this token are used up.',
    remedy: 'Read the result. Create a new session if the person may continue.',
  },
  AttemptExpired: {
    retryable: true,
    told: 'late',
    cause: 'The attempt is no longer open: it took longer than the service allows, or another one was started.',
    remedy: 'Let the person try again. Use a token in only one element at a time.',
  },
  InvalidDeviceCorrelationId: {
    retryable: false,
    told: 'page',
    cause:
      'The session expects `device-correlation-id` from the page. It is missing, too long or blank, contains ' +
      'invisible characters, or differs from that of an earlier attempt.',
    remedy: 'Set `device-correlation-id` to the same 1 to 64 visible characters for every attempt of the session.',
  },
  VerifyImageNotReadable: {
    retryable: true,
    told: 'technical',
    cause: 'The file of `verifyImage` is gone, or could not be read within `deadlines.sessionStart`.',
    remedy: 'Pass a `Blob` that is in memory, or let the person choose the file again.',
  },
  TooManyRequests: {
    retryable: true,
    told: 'busy',
    cause: 'The service asks the element to wait before it tries again. `retryAfter` gives the number of seconds.',
    remedy: 'Offer another try after that time.',
  },
  Offline: {
    retryable: true,
    told: 'network',
    cause: 'The device was offline for longer than `deadlines.offline`.',
    remedy: 'Let the person try again when there is a connection.',
  },
  ServiceUnreachable: {
    retryable: true,
    told: 'network',
    cause:
      'The element could not connect to the session service within `deadlines.sessionStart` or ' +
      '`deadlines.submit`. Or CORS or `connect-src` forbids the service, or an address that the service redirects ' +
      'to.',
    remedy: 'Check that the service allows the page’s origin, and that the page’s policy allows the service.',
  },
  ServerRequestTimedOut: {
    retryable: true,
    told: 'slow',
    cause: 'The session service did not answer in time.',
    remedy: 'Let the person try again. `deadlines.sessionStart` and `deadlines.submit` set how long the element waits.',
  },
  UnexpectedServerError: {
    retryable: true,
    told: 'technical',
    cause:
      'The session service answered with a status of 500 or above, or not in the way that wire.md describes. Or ' +
      'something else answered in its place.',
    remedy: 'Look in the service’s log. `status` and `serviceCode` say what the service answered.',
  },
  UnexpectedClientError: {
    retryable: false,
    told: 'page',
    cause:
      'The session service refused or redirected the request, or would have refused it: the element checks a ' +
      '`verifyImage` before it turns the camera on.',
    remedy:
      '`serviceCode` gives the reason: `verifyImage` does not fit the session (`VerifyImageNotProvided`, ' +
      '`VerifyImageNotAllowed`) or cannot be used (`InvalidImage`, `InvalidImageSize`), a frame cannot be used ' +
      '(judges.md), the session is of another type, or the element and the service differ in version. With ' +
      '`status` 413, a proxy in front of the service refuses a body of that size (service.md). The element ' +
      'accepts no redirect: `endpoint`, or the token’s `aud`, has to be the final address.',
  },
  DigestMismatch: {
    retryable: true,
    told: 'integrity',
    cause: 'The bytes that the service received are not those that the element sent.',
    remedy: 'Something in between changes requests: a proxy, an extension or an attack. Do not trust the session.',
  },
  PageHidden: {
    retryable: true,
    told: 'technical',
    cause:
      'The page was in the background for longer than `deadlines.hidden`, or the element was not shown for that ' +
      'long: it was in a closed dialog, hidden by `display: none`, or in a frame that is scrolled out of view.',
    remedy: 'Let the person try again. Call `cancel()` if your page hides the element for good.',
  },
  PageSuspended: {
    retryable: true,
    told: 'technical',
    cause:
      'While a session was running, the person left the page, or the browser froze it after the camera was ' +
      'requested.',
    remedy: 'Let the person try again when they return.',
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
      'More than one face stayed in view: until the end of `deadlines.framing`, or for more than four seconds ' +
      'during the head turns.',
    remedy: 'Let the person try again with no other face in view.',
  },
  TimedOut: {
    retryable: true,
    told: 'position',
    cause: 'The face did not come into a good position within `deadlines.framing`.',
    remedy: 'Let the person try again. For unusual cameras, change the thresholds in `policy`.',
  },
  ActiveMotionPromptTimedOut: {
    retryable: true,
    told: 'late',
    cause: 'The person did not answer within `deadlines.prompting` whether they agree to head turns.',
    remedy: 'Let the person try again. A longer `deadlines.prompting` gives them more time to read.',
  },
  FaceTrackingFailed: {
    retryable: true,
    told: 'noFace',
    cause: 'No face was in view for more than four seconds during the head turns.',
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
    cause:
      'The person did not make a head turn in time, or did not look into the camera in time before or after a ' +
      'motion.',
    remedy:
      'Let the person try again, or offer another way to continue: not everyone can turn their head. A `Passive` ' +
      'session helps only if your judge decides without head turns.',
  },
  SmileNotPerformed: {
    retryable: true,
    told: 'smile',
    cause:
      'The person was asked to smile, but no smile was seen in time. A mouth that already smiled during the hold ' +
      'cannot widen further.',
    remedy:
      'Let the person try again and smile only when asked, or offer another way to continue: not everyone can ' +
      'smile.',
  },
  UserCanceledSession: {
    retryable: true,
    told: 'canceled',
    cause: 'The person or the page canceled.',
    remedy: 'Offer another try or another way to continue.',
  },
  UserCanceledActiveMotionPrompt: {
    retryable: true,
    told: 'turnDeclined',
    cause: 'The person declined the head turns.',
    remedy:
      'Offer another try or another way to continue: not everyone can turn their head. Better light helps only if ' +
      'the session does not always ask for head turns.',
  },
  UserCanceledActiveMotion: {
    retryable: true,
    told: 'canceled',
    cause: 'The person or the page canceled during the head turns.',
    remedy: 'Offer another try or another way to continue.',
  },
  AlreadyRunning: {
    retryable: true,
    told: 'technical',
    cause: 'Another session is running in this page. There is only one camera and one worker.',
    remedy: 'Let the person try again when that session has ended, or end it with `cancel()`.',
  },
  Unexpected: {
    retryable: false,
    told: 'page',
    cause: 'The element has a defect.',
    remedy: 'Please report it with the message.',
  },
} as const satisfies Record<string, ErrorDescription>;

export type LivenessErrorCode = keyof typeof LIVENESS_ERRORS;
