/** What the element sends and receives; the types are in `src/protocol/wire.ts`. */
import { z } from 'zod';
import {
  ACTIVE_MOTIONS,
  LIVENESS_OPERATION_MODES,
  type AttemptEndRequest,
  type CaptureManifest,
  type SessionStartResponse,
} from '../../../../src/protocol/wire.js';
import { faceRectangle } from '../../judge/fields.js';
import { deviceId, shortText } from './fields.js';

export const sessionStartRequest = z.object({
  deviceCorrelationId: deviceId.nullish(),
  client: z.object({ name: shortText, version: shortText }).nullish(),
});

const attemptId = z.int().min(1).max(1000);
const operationMode = z.enum(LIVENESS_OPERATION_MODES);

export const sessionStartResponse = z.object({
  sessionId: z.uuid(),
  attemptId,
  attemptsRemaining: z.int().min(0),
  livenessOperationMode: operationMode,
  activeMotion: z.object({ required: z.boolean(), directions: z.array(z.enum(ACTIVE_MOTIONS)) }),
  limits: z.object({ maxFrames: z.int(), maxBytes: z.int(), seconds: z.int() }),
}) satisfies z.ZodType<SessionStartResponse>;

export const attemptEndRequest = z.object({
  attemptId,
  reason: z.string().regex(/^[A-Za-z]{1,64}$/),
}) satisfies z.ZodType<AttemptEndRequest>;

const coordinate = z.number().min(-100_000).max(100_000);
const point = z.object({ x: coordinate, y: coordinate });
const measurement = z.number();

const frame = z.object({
  fileName: z.string().regex(/^frame-\d{3}\.jpg$/),
  timeOffsetInMs: z.int().min(0).max(86_400_000),
  step: z.enum(['passive', ...ACTIVE_MOTIONS]),
  faceRectangle,
  points: z.object({ leftEye: point, rightEye: point, noseTip: point, mouthCentre: point, chin: point }),
  measurements: z.object({
    faceHeight: measurement,
    offsetX: measurement,
    offsetY: measurement,
    aspect: measurement,
    yaw: measurement,
    pitch: measurement,
    roll: measurement,
    eyeOpenness: measurement,
    mouthOpenness: measurement,
    mouthWidth: measurement,
    sharpness: measurement,
    faceBrightness: measurement,
    backgroundBrightness: measurement,
    clippedBright: measurement,
    clippedDark: measurement,
    sideLight: measurement,
    motion: measurement,
  }),
});

/** Most frames of any manifest, whatever the configured limits. */
const MOST_FRAMES = 60;
const frames = z.array(frame).min(1).max(MOST_FRAMES);

export const captureManifest = z.object({
  attemptId,
  mode: operationMode,
  camera: z.object({
    width: z.number().nonnegative(),
    height: z.number().nonnegative(),
    frameRate: z.number().nonnegative().optional(),
    facingMode: z.string().max(64).optional(),
    label: z.string().max(256).optional(),
  }),
  // Each invalid frame causes dozens of issues, so a list with too many frames is refused without checking them.
  frames: z.preprocess((value) => (Array.isArray(value) && value.length > MOST_FRAMES ? null : value), frames),
}) satisfies z.ZodType<CaptureManifest>;
