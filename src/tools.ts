/** Everything but the element: if an application imports only this, its bundler leaves out the element and lit. */
export { LivenessError } from './errors.js';
export * from './events.js';
export type { LivenessResult } from './result.js';
export { DEFAULT_DEADLINES, type Deadlines } from './deadlines.js';
export type { CameraInfo } from './camera-choice.js';
export { prefetch, type PrefetchOptions } from './prefetch.js';
export { LIVENESS_ERRORS, type LivenessErrorCode } from './protocol/errors.js';
export { GUIDANCE, type Guidance, type GuidanceCode, type TurnProgress } from './protocol/guidance.js';
export { DEFAULT_POLICY, type CapturePolicy, type PolicyOverrides } from './protocol/policy.js';
export type { Recording } from './recording.js';
export type { StateName } from './session/state.js';
export { LOCALES, resolveLocale } from './strings/localize.js';
export type { LivenessStrings, StringOverrides } from './strings/strings.js';
export {
  checkSupport,
  SUPPORT_CHECKS,
  type SupportCheck,
  type SupportCheckName,
  type SupportOptions,
  type SupportReport,
} from './support.js';
export { VERSION } from './version.js';
