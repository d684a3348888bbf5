/**
 * Responses of Face API v1.1-preview.1 and v1.2-preview.1, with the names of the public documentation. Fields that the
 * documentation calls optional are optional here; v1.1-preview.1 never has `sessionImageId` and `verifyImageHash`.
 */
import { z } from 'zod';
import { faceRectangle, livenessDecision, qualityForRecognition } from '../../judge/fields.js';
import { digest, imageType, tokenLifetime } from './fields.js';

const dateTime = z.iso.datetime({ offset: true });

export const livenessWithVerifyImage = z
  .object({ faceRectangle, qualityForRecognition })
  .meta({ id: 'LivenessWithVerifyImage' });

export const livenessWithVerifyOutputs = z
  .object({
    verifyImage: livenessWithVerifyImage,
    matchConfidence: z.number().min(0).max(1),
    isIdentical: z.boolean(),
  })
  .meta({ id: 'LivenessWithVerifyOutputs' });

export const livenessOutputsTarget = z
  .object({
    faceRectangle,
    fileName: z.string(),
    timeOffsetWithinFile: z.int(),
    imageType,
  })
  .meta({ id: 'LivenessOutputsTarget' });

/** `target`, the part of the request at fault, is an addition of this service. */
const faceError = z.object({ code: z.string(), message: z.string(), target: z.string().optional() });

/** May have more fields: `reason`, `evidence` and `error` are additions of this service. */
export const livenessResponseBody = z
  .looseObject({
    livenessDecision: livenessDecision.optional(),
    target: livenessOutputsTarget.optional(),
    modelVersionUsed: z.string().optional(),
    verifyResult: livenessWithVerifyOutputs.optional(),
    reason: z.string().optional().meta({ description: 'In the audit: why the judge decided so.' }),
    evidence: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'In the audit: what the decision rests on.' }),
    error: faceError.optional().meta({ description: 'In the audit: the refusal, if the call was refused.' }),
  })
  .meta({ id: 'LivenessResponseBody' });

export const auditRequestInfo = z
  .object({
    url: z.string(),
    method: z.string(),
    contentLength: z.int().optional(),
    contentType: z.string(),
    userAgent: z.string().optional(),
  })
  .meta({ id: 'AuditRequestInfo' });

export const auditLivenessResponseInfo = z
  .object({
    body: livenessResponseBody,
    statusCode: z.int(),
    latencyInMilliseconds: z.int(),
  })
  .meta({ id: 'AuditLivenessResponseInfo' });

export const livenessSessionAuditEntry = z
  .object({
    id: z.int(),
    sessionId: z.string(),
    requestId: z.string(),
    clientRequestId: z.string(),
    receivedDateTime: dateTime,
    request: auditRequestInfo,
    response: auditLivenessResponseInfo,
    digest,
    sessionImageId: z.string().optional(),
    verifyImageHash: digest.optional(),
  })
  .meta({ id: 'LivenessSessionAuditEntry' });
export type LivenessSessionAuditEntry = z.infer<typeof livenessSessionAuditEntry>;

export const livenessSessionItem = z
  .object({
    id: z.string(),
    createdDateTime: dateTime,
    sessionStartDateTime: dateTime.optional(),
    sessionExpired: z.boolean(),
    deviceCorrelationId: z.string().optional(),
    authTokenTimeToLiveInSeconds: tokenLifetime.optional(),
  })
  .meta({ id: 'LivenessSessionItem' });
export type LivenessSessionItem = z.infer<typeof livenessSessionItem>;

export const livenessSession = livenessSessionItem
  .extend({
    status: z.enum(['NotStarted', 'Started', 'ResultAvailable']),
    result: livenessSessionAuditEntry.optional(),
  })
  .meta({ id: 'LivenessSession' });
export type LivenessSession = z.infer<typeof livenessSession>;

export const createLivenessSessionResult = z
  .object({ sessionId: z.string(), authToken: z.string() })
  .meta({ id: 'CreateLivenessSessionResult' });
export type CreateLivenessSessionResult = z.infer<typeof createLivenessSessionResult>;

export const createLivenessWithVerifySessionResult = createLivenessSessionResult
  .extend({
    verifyImage: livenessWithVerifyImage.optional(),
  })
  .meta({ id: 'CreateLivenessWithVerifySessionResult' });
export type CreateLivenessWithVerifySessionResult = z.infer<typeof createLivenessWithVerifySessionResult>;

export const faceErrorResponse = z.object({ error: faceError }).meta({ id: 'FaceErrorResponse' });
