/**
 * Every refusal of the service: status, code and message. Codes and messages are those of the public table "Face API
 * error codes and messages" where it covers the case; the others are this service's own and marked as such.
 */
import { HEADERS, type FaceErrorResponse } from '../../../src/protocol/wire.js';
import { isDatabaseUnavailable } from '../database/unavailable.js';
import { TOKEN_LIFETIME_SECONDS } from './access/token-lifetime.js';

type Fields = Record<string, string>;

interface Particulars {
  headers?: Fields;
  /**
   * The part of the request at fault, such as `manifest.frames[0].step`: names only, never the values that were sent.
   */
  target?: string | undefined;
  /** For the log: the session whose token was refused. */
  sessionId?: string | undefined;
}

export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Fields;
  readonly target: string | undefined;
  readonly sessionId: string | undefined;

  constructor(status: number, code: string, message: string, { headers = {}, target, sessionId }: Particulars = {}) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.target = target;
    this.sessionId = sessionId;
  }

  get body(): FaceErrorResponse {
    const { code, message, target } = this;
    return { error: { code, message, target } };
  }

  toResponse(): Response {
    return Response.json(this.body, {
      status: this.status,
      headers: { ...this.headers, [HEADERS.errorCode]: this.code },
    });
  }
}

function refusal(status: number, code: string, message: string, own?: Fields): (headers?: Fields) => ServiceError {
  return (headers) => new ServiceError(status, code, message, { headers: { ...own, ...headers } });
}

/**
 * The challenge that every 401 must contain (RFC 9110 §15.5.2). For these schemes, browsers show no password dialog.
 */
const ASKING_FOR = {
  key: {
    'www-authenticate': 'AzureApiManagementKey realm="liveness", name="Ocp-Apim-Subscription-Key", type="header"',
  },
  token: { 'www-authenticate': 'Bearer realm="liveness"' },
  anotherToken: { 'www-authenticate': 'Bearer realm="liveness", error="invalid_token"' },
} as const;

const NO_VALID_TOKEN = 'Access denied due to an invalid or missing session token.';

export const errors = {
  jsonParsing: refusal(400, 'BadArgument', 'JSON parsing error.'),
  startTooLong: refusal(400, 'BadArgument', "'start' is too long."),
  startInvalid: refusal(
    400,
    'BadArgument',
    "Start parameter is invalid. Please specify the 'Id' field of the last entry to continue the listing process.",
  ),
  topInvalid: refusal(400, 'BadArgument', 'Top parameter is invalid. Valid range is between 1 and 1000 inclusive.'),
  /** The table's message does not say what is incorrect: `target` does. */
  invalidRequestBody: (target: string) =>
    new ServiceError(
      400,
      'InvalidRequestBody',
      'Incorrect request body provided. Please check the operation schema and try again.',
      { target },
    ),
  invalidTokenLifetime: refusal(
    400,
    'InvalidTokenLifetime',
    `Invalid authTokenTimeToLiveInSeconds specified. Must be within ${TOKEN_LIFETIME_SECONDS.min} to ${TOKEN_LIFETIME_SECONDS.max}.`,
  ),
  /** The table's message names only Passive; the operation accepts both modes. */
  invalidLivenessOperationMode: refusal(
    400,
    'InvalidLivenessOperationMode',
    "Invalid livenessOperationMode specified. Must be 'Passive' or 'PassiveActive'.",
  ),
  invalidDeviceCorrelationId: refusal(
    400,
    'InvalidDeviceCorrelationId',
    'A device correlation ID is required in the request body during session create or session start. ' +
      'Must not be null or empty, and be no more than 64 characters.',
  ),
  invalidImage: refusal(400, 'InvalidImage', 'Decoding error, image format unsupported.'),
  noFaceInImage: refusal(400, 'InvalidImage', 'No face detected in the image.'),
  severalFacesInImage: refusal(400, 'InvalidImage', 'There is more than 1 face in the image.'),
  imageTooSmall: refusal(400, 'InvalidImageSize', 'Image size is too small.'),
  imageTooBig: refusal(400, 'InvalidImageSize', 'Image size is too big.'),
  /** The code is literally the status. */
  invalidKey: refusal(401, '401', 'Access denied due to an invalid or missing subscription key.', ASKING_FOR.key),
  sessionNotFound: refusal(
    404,
    'SessionNotFound',
    'Session ID is not found. The session ID is expired or does not exist.',
  ),
  rateLimited: refusal(429, '429', 'Rate limit is exceeded.'),
  internal: refusal(500, 'Unspecified', 'Internal server error'),

  // This service's own.
  bodyCutOff: refusal(400, 'RequestBodyCutOff', 'The request body ended before it was complete.'),
  digestMismatch: refusal(400, 'DigestMismatch', 'The digest of the received body does not match Content-Digest.'),
  invalidContentDigest: refusal(
    400,
    'InvalidContentDigest',
    'Content-Digest is not in the form that RFC 9530 defines.',
  ),
  verifyImageNotProvided: refusal(400, 'VerifyImageNotProvided', 'The session compares faces but has no verify image.'),
  verifyImageNotAllowed: refusal(
    400,
    'VerifyImageNotAllowed',
    'The session does not accept a verify image: it has one already, or it does not compare faces.',
  ),
  missingToken: refusal(401, '401', NO_VALID_TOKEN, ASKING_FOR.token),
  invalidToken: refusal(401, '401', NO_VALID_TOKEN, ASKING_FOR.anotherToken),
  tokenExpired: (sessionId?: string) =>
    new ServiceError(401, 'TokenExpired', 'The session token has expired.', {
      headers: ASKING_FOR.anotherToken,
      sessionId,
    }),
  wrongSessionType: refusal(
    403,
    'WrongSessionType',
    'The session is not of the type that this operation is for: with or without verify.',
  ),
  attemptsExhausted: refusal(403, 'AttemptsExhausted', 'All attempts of this session are used up.'),
  notFound: refusal(404, '404', 'Resource not found.'),
  sessionImageNotFound: refusal(404, 'SessionImageNotFound', 'Session image ID is not found or has expired.'),
  methodNotAllowed: refusal(405, '405', 'There is no such operation on this resource.'),
  attemptNotOpen: refusal(
    409,
    'ConcurrentOperationConflict',
    'The attempt is not open: it was never started, was already answered or ended, or its time is over.',
  ),
  bodyTooLarge: refusal(413, 'RequestBodyTooLarge', 'The request body is larger than this operation accepts.'),
  unavailable: refusal(503, 'ServiceUnavailable', 'The service cannot answer now. Please try again.'),
  // When the judge cannot answer: a refused submission leaves its attempt open, and a refused session creation with a
  // verify image creates no session.
  judgeBusy: refusal(503, 'JudgeBusy', 'The judge is busy now. Please try again.'),
  judgeUnavailable: refusal(503, 'JudgeUnavailable', 'The judge gave no usable answer in time. Please try again.'),
} as const;

/** The refusal to answer with, whatever was thrown. */
export function refusalOf(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return isDatabaseUnavailable(error) ? errors.unavailable({ 'retry-after': '1' }) : errors.internal();
}
