/**
 * The shapes of requests, as the public documents of Face API v1.1-preview.1 and v1.2-preview.1 give them. Enum values,
 * booleans and numbers are read leniently, any case and as strings too, since the official samples write them so;
 * fields that are not known are ignored.
 */
import { z } from 'zod';
import { HEAD_TURNS, type CaptureManifest } from '../../../../src/protocol/wire.js';
import { errors, type ServiceError } from '../errors.js';

/** Text that is stored: PostgreSQL has no NUL, and control characters have no business in an id. */
export const shortText = z
  .string()
  .max(64)
  .regex(/^[^\u0000-\u001f\u007f]*$/);

export function lenientEnum<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    return values.find((known) => known.toLowerCase() === value.toLowerCase()) ?? value;
  }, z.enum(values));
}

export const lenientBoolean = z.preprocess((value) => {
  const text = typeof value === 'string' ? value.toLowerCase() : null;
  return text === 'true' ? true : text === 'false' ? false : value;
}, z.boolean());

/** Decimal digits in a string are read as the number they write. */
export function lenientNumber<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value),
    schema,
  );
}

export const operationMode = lenientEnum(['Passive', 'PassiveActive']);

/** CreateLivenessSessionContent. */
export const createSessionContent = z.object({
  livenessOperationMode: operationMode,
  sendResultsToClient: lenientBoolean.nullish(),
  deviceCorrelationIdSetInClient: lenientBoolean.nullish(),
  deviceCorrelationId: shortText.min(1).nullish(),
  authTokenTimeToLiveInSeconds: lenientNumber(z.int().min(60).max(86_400)).nullish(),
  enableSessionImage: lenientBoolean.nullish(),
  livenessSingleModalModel: shortText.nullish(),
});
export type CreateSessionContent = z.infer<typeof createSessionContent>;

export const sessionStartRequest = z.object({
  deviceCorrelationId: shortText.min(1).nullish(),
  client: z.object({ name: shortText, version: shortText }).nullish(),
});

export const attemptEndRequest = z.object({
  attemptId: z.int().min(1).max(1000),
  reason: z.string().regex(/^[A-Za-z]{1,64}$/),
});

const pixels = z.int().min(-100_000).max(100_000);
const rectangle = z.object({ top: pixels, left: pixels, width: pixels, height: pixels });
const coordinate = z.number().min(-100_000).max(100_000);
const point = z.object({ x: coordinate, y: coordinate });
const measurement = z.number();

export const captureManifest = z.object({
  attemptId: z.int().min(1).max(1000),
  mode: z.enum(['Passive', 'PassiveActive']),
  camera: z.object({
    width: z.number().nonnegative(),
    height: z.number().nonnegative(),
    frameRate: z.number().nonnegative().optional(),
    facingMode: z.string().max(64).optional(),
    label: z.string().max(256).optional(),
  }),
  frames: z.array(
    z.object({
      fileName: z.string().regex(/^frame-\d{3}\.jpg$/),
      timeOffsetInMs: z.int().min(0).max(86_400_000),
      step: z.enum(['passive', ...HEAD_TURNS]),
      faceRectangle: rectangle,
      points: z.object({ leftEye: point, rightEye: point, noseTip: point, mouthCentre: point, chin: point }),
      measurements: z.object({
        yaw: measurement,
        pitch: measurement,
        roll: measurement,
        eyeOpenness: measurement,
        mouthOpenness: measurement,
        sharpness: measurement,
        faceBrightness: measurement,
        backgroundBrightness: measurement,
        clippedBright: measurement,
        clippedDark: measurement,
        sideLight: measurement,
        motion: measurement,
      }),
    }),
  ),
}) satisfies z.ZodType<CaptureManifest>;

/** Fields whose refusal has a code of its own. */
const REFUSALS: Record<string, () => ServiceError> = {
  authTokenTimeToLiveInSeconds: errors.invalidTokenLifetime,
  livenessOperationMode: errors.invalidLivenessOperationMode,
  deviceCorrelationId: errors.invalidDeviceCorrelationId,
};

/** @throws 400 with the code the public error table has for the first field at fault. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const field = String(result.error.issues[0]?.path[0] ?? '');
  throw (REFUSALS[field] ?? errors.invalidRequestBody)();
}
