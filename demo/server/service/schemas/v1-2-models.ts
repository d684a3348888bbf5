/** Responses of Face API v1.2, with the names of the public documentation. */
import { z } from 'zod';
import { faceRectangle, livenessDecision, qualityForRecognition } from '../../judge/fields.js';
import { digest, imageType } from './fields.js';

const operationState = z.enum(['NotStarted', 'Running', 'Succeeded', 'Failed', 'Canceled']);

const livenessDecisionTargets = z
  .object({ color: z.object({ faceRectangle }) })
  .meta({ id: 'LivenessDecisionTargets-v1.2' });

const livenessError = z
  .object({ code: z.string(), message: z.string(), targets: livenessDecisionTargets })
  .meta({ id: 'LivenessError-v1.2' });

const livenessResult = z
  .object({
    livenessDecision: livenessDecision.optional(),
    targets: livenessDecisionTargets,
    digest,
    sessionImageId: z.string().optional(),
  })
  .meta({ id: 'LivenessResult-v1.2' });

const livenessWithVerifyResult = livenessResult
  .extend({
    verifyResult: z.object({ matchConfidence: z.number().min(0).max(1), isIdentical: z.boolean() }).optional(),
    verifyImageHash: digest.optional(),
  })
  .meta({ id: 'LivenessWithVerifyResult-v1.2' });

/** An attempt that has ended has either `result` or `error`. */
const attempt = z.object({
  attemptId: z.int().min(1),
  attemptStatus: operationState,
  error: livenessError.optional(),
});
const livenessSessionAttempt = attempt
  .extend({ result: livenessResult.optional() })
  .meta({ id: 'LivenessSessionAttempt-v1.2' });
const livenessWithVerifySessionAttempt = attempt
  .extend({ result: livenessWithVerifyResult.optional() })
  .meta({ id: 'LivenessWithVerifySessionAttempt-v1.2' });
export type LivenessWithVerifySessionAttempt = z.infer<typeof livenessWithVerifySessionAttempt>;

const livenessWithVerifyReference = z
  .object({
    referenceType: imageType,
    faceRectangle,
    qualityForRecognition,
  })
  .meta({ id: 'LivenessWithVerifyReference-v1.2' });

const session = z.object({
  sessionId: z.string(),
  authToken: z.string(),
  status: operationState,
  modelVersion: z.string().optional(),
});
export const livenessSession = session
  .extend({
    results: z.object({ attempts: z.array(livenessSessionAttempt) }),
  })
  .meta({ id: 'LivenessSession-v1.2' });
export const livenessWithVerifySession = session
  .extend({
    results: z.object({
      verifyReferences: z.array(livenessWithVerifyReference),
      attempts: z.array(livenessWithVerifySessionAttempt),
    }),
  })
  .meta({ id: 'LivenessWithVerifySession-v1.2' });
export type LivenessSession = z.infer<typeof livenessSession>;
export type LivenessWithVerifySession = z.infer<typeof livenessWithVerifySession>;
