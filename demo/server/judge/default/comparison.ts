/** Whether the person in the frames is the one of the verify image. */
import type { Analysis, FrameFacts } from './analysis.js';
import { identityDistance, MATCH_DISTANCE, matchConfidence } from './match.js';
import { qualityForRecognition } from './quality.js';

/**
 * By the frame in the middle of them, not by the best, which the sender can choose: it could show another than those who
 * turned their heads. And where the frames are further apart than one person's, by how far they are.
 *
 * @param frontal frames that look into the camera
 * @param furthest distance of a face from the one in the middle of all
 */
export function compare({ verify }: Analysis, frontal: readonly FrameFacts[], furthest: number) {
  if (!verify) return null;
  const compared = frontal
    .flatMap(({ fileName, face }) =>
      face ? [{ fileName, face, distance: identityDistance(verify.identity, face.identity) }] : [],
    )
    .sort((a, b) => a.distance - b.distance);
  const middle = compared[compared.length >> 1];
  if (!middle) return null;
  const { fileName, face, distance } = middle;
  return {
    result: {
      matchConfidence: matchConfidence(furthest > MATCH_DISTANCE ? Math.max(distance, furthest) : distance),
      verifyImage: verify.image,
    },
    measured: { frame: fileName, frameQuality: qualityForRecognition(face), distance, furthest },
  };
}
