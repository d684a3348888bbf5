/** Whether the person in the frames is the person in the verify image. */
import type { Analysis, FrameFacts } from './analysis.js';
import { identityDistance, MATCH_DISTANCE, matchConfidence } from './match.js';
import { qualityForRecognition } from './quality.js';

/**
 * Compares the frontal frame with the median distance. The sender could choose the best one: it could show another
 * person than the one who turned the head. If the frames differ more than those of one person, the confidence is
 * lowered by how far apart they are.
 *
 * @param frontal frames that look into the camera
 * @param furthest largest distance of a face from the one in the middle of all
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
