/** A frame in which everything is right, changes to it, and the plan and the attempt that it belongs to. */
import type { FrameAnalysis, FrameMeasurements } from '../../src/protocol/measurements.js';
import { resolvePolicy, type PolicyOverrides } from '../../src/protocol/policy.js';
import type { ActiveMotion, SessionStartResponse } from '../../src/protocol/wire.js';
import type { CapturePlan } from '../../src/protocol/worker-api.js';
import { placeInRing } from '../../worker/measure/face.js';

/** Width over height of the ring in these tests. */
export const RING_ASPECT = 3 / 4;

const WELL: FrameMeasurements = {
  faceHeight: 0.6,
  offsetX: 0,
  offsetY: 0,
  aspect: 0.75,
  yaw: 0,
  pitch: 0,
  roll: 0,
  eyeOpenness: 0.3,
  mouthOpenness: 0,
  mouthWidth: 0.7,
  sharpness: 60,
  faceBrightness: 0.5,
  backgroundBrightness: 0.5,
  clippedBright: 0,
  clippedDark: 0,
  sideLight: 0.05,
  motion: 0.05,
};

export interface FrameChanges extends Partial<FrameMeasurements> {
  time?: number;
  faceCount?: number;
  brightness?: number;
  change?: number;
  /** Height of the face over that of the picture, which is as high as the ring; 0.6 is right. */
  size?: number;
  /** Where the centre of the face lies in the picture, as shares of it; 0.5 is the middle. */
  x?: number;
  y?: number;
}

/** A frame of 1280×720 pixels, in which the ring is 540×720. */
export function frameOf(changes: FrameChanges = {}): FrameAnalysis {
  const { time = 0, faceCount = 1, brightness = 0.5, change = 2, size = 0.6, x = 0.5, y = 0.5, ...measured } = changes;
  const frame = { width: 1280, height: 720 };
  const whole = { time, frame, brightness, change };
  if (faceCount === 0) return { ...whole, faceCount, face: null, points: null, measurements: null };
  const height = size * frame.height;
  const width = height * 0.75;
  const face = { left: x * frame.width - width / 2, top: y * frame.height - height / 2, width, height };
  const eye = face.top + 0.4 * height;
  const centre = x * frame.width;
  return {
    ...whole,
    faceCount,
    face,
    points: {
      rightEye: { x: centre - 0.2 * width, y: eye },
      leftEye: { x: centre + 0.2 * width, y: eye },
      noseTip: { x: centre, y: face.top + 0.55 * height },
      mouthCentre: { x: centre, y: face.top + 0.75 * height },
      chin: { x: centre, y: face.top + height },
    },
    measurements: { ...WELL, ...placeInRing(face, frame, RING_ASPECT), ...measured },
  };
}

export interface PlanChanges {
  mode?: CapturePlan['attempt']['livenessOperationMode'];
  required?: boolean;
  directions?: ActiveMotion[];
  policy?: PolicyOverrides;
}

export function attemptOf({ mode = 'Passive', required = false, directions = [] }: PlanChanges = {}) {
  return {
    sessionId: '8bf2a3f1-0d1c-4f7e-9f8a-2f4f1c0f6c11',
    attemptId: 1,
    attemptsRemaining: 2,
    livenessOperationMode: mode,
    activeMotion: { required, directions },
    limits: { maxFrames: 12, maxBytes: 4_000_000, seconds: 300 },
  } satisfies SessionStartResponse;
}

export function planOf(changes: PlanChanges = {}): CapturePlan {
  return { attempt: attemptOf(changes), policy: resolvePolicy(changes.policy), ringAspect: RING_ASPECT, rotation: 0 };
}

/** Milliseconds that a frame took in the worker. */
export const TIMING = { inference: 12, measurement: 2 };
