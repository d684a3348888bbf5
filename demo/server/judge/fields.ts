/**
 * JSON fields in which a judge describes a face: checked in the response of an HTTP judge, and passed on by the service
 * unchanged.
 */
import { z } from 'zod';

/** Whole pixels; a face may reach beyond the picture. */
const pixels = z.int().min(-100_000).max(100_000);
export const faceRectangle = z
  .object({ top: pixels, left: pixels, width: pixels, height: pixels })
  .meta({ title: 'FaceRectangle' });

export const livenessDecision = z.enum(['uncertain', 'realface', 'spoofface']);
export const qualityForRecognition = z.enum(['low', 'medium', 'high']);
