/** Whether the person in the frames is the person in the verify image. */
import type { Analysis, FrameFacts } from './analysis.js';
import { identityDistance, MATCH_DISTANCE, matchConfidence } from './match.js';
import { qualityForRecognition } from './quality.js';

/**
 * Compares the verify image with the frontal frame whose distance from it is the median. The closest frame would be
 * unsafe: the sender could include a frame of somebody other than the person who turned the head. If the frames differ
 * more than those of one person do, their largest distance lowers the confidence.
 *
 * @param frontal frames in which the head looks into the camera
 * @param furthest largest distance of any face from the face that is closest to all others
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
