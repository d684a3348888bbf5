/** Every error code is named in a browser test. If a code is missing in the table below, this file does not compile. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { LivenessErrorCode } from '../../src/protocol/errors.js';

const [SUPPORT, CAMERAS, ASSETS, NETWORK, ERRORS, SESSION, ACTIVE] = [
  'e2e/support.spec.ts',
  'e2e/cameras.spec.ts',
  'e2e/assets.spec.ts',
  'e2e/network.spec.ts',
  'e2e/errors.spec.ts',
  'e2e/session.spec.ts',
  'e2e/active.spec.ts',
] as const;

const REACHED: Record<LivenessErrorCode, string> = {
  InsecureContext: SUPPORT,
  BrowserNotSupported: SUPPORT,
  WebGLNotSupported: SUPPORT,
  WasmBlockedByPolicy: SUPPORT,
  CameraPermissionDenied: CAMERAS,
  CameraPermissionRevoked: CAMERAS,
  CameraBlockedByPolicy: SUPPORT,
  CameraNotFound: CAMERAS,
  // No flag of Chromium makes a camera busy, so that test throws the exception itself.
  CameraInUse: 'element/camera.test.ts',
  CameraStartupFailure: CAMERAS,
  CameraInterrupted: CAMERAS,
  CameraDisconnected: CAMERAS,
  AssetsNotLoaded: ASSETS,
  AssetsCorrupt: ASSETS,
  AssetsTimedOut: ASSETS,
  DetectorFailed: ERRORS,
  WorkerNotLoaded: SUPPORT,
  WorkerCrashed: ERRORS,
  WorkerTimedOut: ERRORS,
  InvalidToken: NETWORK,
  TokenExpired: SESSION,
  SessionNotFound: NETWORK,
  AttemptsExhausted: NETWORK,
  AttemptExpired: NETWORK,
  InvalidDeviceCorrelationId: NETWORK,
  VerifyImageNotReadable: 'element/options.test.ts',
  TooManyRequests: NETWORK,
  Offline: NETWORK,
  ServiceUnreachable: NETWORK,
  ServerRequestTimedOut: NETWORK,
  UnexpectedServerError: NETWORK,
  UnexpectedClientError: NETWORK,
  DigestMismatch: SESSION,
  PageHidden: CAMERAS,
  PageSuspended: CAMERAS,
  NoFaceDetected: ERRORS,
  MultipleFacesDetected: ERRORS,
  TimedOut: ERRORS,
  ActiveMotionPromptTimedOut: 'element/release.test.ts',
  FaceTrackingFailed: ERRORS,
  EnvironmentNotSupported: ACTIVE,
  HeadTurnNotPerformed: ERRORS,
  SmileNotPerformed: 'element/release.test.ts',
  UserCanceledSession: SESSION,
  UserCanceledActiveMotionPrompt: ACTIVE,
  UserCanceledActiveMotion: 'element/release.test.ts',
  AlreadyRunning: ERRORS,
  Unexpected: ERRORS,
};

it.each(Object.entries(REACHED))('%s is named in %s', (code, path) => {
  const source = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  // The whole string must be the code: a title that begins with it proves nothing.
  expect(source).toMatch(new RegExp(`['"]${code}['"]`));
});
