/**
 * JSON fields in which a judge describes a face. The service checks them in the answer of every judge, and passes them
 * on unchanged.
 */
import { z } from 'zod';
import { LIVENESS_DECISIONS } from '../../../src/protocol/wire.js';

/** Whole pixels; a face may reach beyond the picture. */
const pixels = z.int().min(-100_000).max(100_000);
export const faceRectangle = z
  .object({ top: pixels, left: pixels, width: pixels, height: pixels })
  .meta({ title: 'FaceRectangle' });

export const livenessDecision = z.enum(LIVENESS_DECISIONS);
export const qualityForRecognition = z.enum(['low', 'medium', 'high']);
