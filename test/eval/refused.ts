import type { LivenessErrorCode } from '../../src/protocol/errors.js';

/** How the element ends what a dishonest actor does. Any other end shows nothing: something is broken. */
export const REFUSED: readonly string[] = [
  'HeadTurnNotPerformed',
  'SmileNotPerformed',
  'FaceTrackingFailed',
  'MultipleFacesDetected',
  'NoFaceDetected',
  'TimedOut',
] satisfies LivenessErrorCode[];
