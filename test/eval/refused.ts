import type { LivenessErrorCode } from '../../src/protocol/errors.js';

/**
 * Error codes with which the element ends a dishonest actor's session. Any other code proves nothing: it means that
 * something is broken.
 */
export const REFUSED: readonly string[] = [
  'HeadTurnNotPerformed',
  'SmileNotPerformed',
  'FaceTrackingFailed',
  'MultipleFacesDetected',
  'NoFaceDetected',
  'TimedOut',
] satisfies LivenessErrorCode[];
