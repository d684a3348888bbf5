/** What a judge says of a face, in JSON: read where it comes from elsewhere, and handed on by the service as it is. */
import { z } from 'zod';

/** Whole pixels; a face may reach beyond the picture. */
const pixels = z.int().min(-100_000).max(100_000);
export const faceRectangle = z
  .object({ top: pixels, left: pixels, width: pixels, height: pixels })
  .meta({ title: 'FaceRectangle' });

export const livenessDecision = z.enum(['uncertain', 'realface', 'spoofface']);
export const qualityForRecognition = z.enum(['low', 'medium', 'high']);
