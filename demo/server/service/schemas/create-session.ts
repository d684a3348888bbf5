/** Bodies of session creation, by version: CreateLivenessSessionContent and its counterpart with verify. */
import { z } from 'zod';
import { LIVENESS_OPERATION_MODES } from '../../../../src/protocol/wire.js';
import { TOKEN_LIFETIME_SECONDS } from '../access/token-lifetime.js';
import type { ApiVersion } from '../api/operations.js';
import type { Limits } from '../limits.js';
import { deviceId, lenientBoolean, lenientEnum, lenientNumber, shortText, tokenLifetime } from './fields.js';

/** The threshold of sessions that name none. */
export const DEFAULT_VERIFY_CONFIDENCE_THRESHOLD = 0.5;

const common = {
  livenessOperationMode: lenientEnum(LIVENESS_OPERATION_MODES),
  deviceCorrelationIdSetInClient: lenientBoolean.nullish().meta({ default: false }),
  deviceCorrelationId: deviceId.nullish().meta({
    description: 'Required if `deviceCorrelationIdSetInClient` is false, refused if it is true.',
  }),
  authTokenTimeToLiveInSeconds: lenientNumber(tokenLifetime)
    .nullish()
    .meta({ default: TOKEN_LIFETIME_SECONDS.default }),
};

const sendResultsToClient = lenientBoolean.nullish().meta({ default: false });
const enableSessionImage = lenientBoolean.nullish().meta({ default: false });
const model = shortText.nullish().meta({ description: 'Accepted but not used: the judge determines the model.' });

const withVerify = {
  returnVerifyImageHash: lenientBoolean.nullish().meta({ default: false }),
  verifyConfidenceThreshold: lenientNumber(z.number().min(0).max(1))
    .nullish()
    .meta({ default: DEFAULT_VERIFY_CONFIDENCE_THRESHOLD }),
};

const preview = { ...common, sendResultsToClient, enableSessionImage, livenessSingleModalModel: model };
/** Without `sendResultsToClient`: since v1.2 the client never learns the decision. */
const stable = { ...common, enableSessionImage, livenessModelVersion: model };

export const CREATE_CONTENT = {
  'v1.1-preview.1': {
    plain: z.object({ ...common, sendResultsToClient }),
    withVerify: z.object({ ...common, sendResultsToClient }),
  },
  'v1.2-preview.1': { plain: z.object(preview), withVerify: z.object({ ...preview, ...withVerify }) },
  'v1.2': { plain: z.object(stable), withVerify: z.object({ ...stable, ...withVerify }) },
} satisfies Record<ApiVersion, Record<'plain' | 'withVerify', z.ZodType>>;

/**
 * The content in any version. The type of this version has all the fields that the service reads; other versions leave
 * some of them out.
 */
export type CreateContent = z.infer<(typeof CREATE_CONTENT)['v1.2-preview.1']['withVerify']>;

/** Request bodies by media type. */
export function createSessionRequests(
  version: ApiVersion,
  isWithVerify: boolean,
  { verifyImageBytes: { min, max } }: Limits,
): Record<string, z.ZodType> {
  const content = CREATE_CONTENT[version][isWithVerify ? 'withVerify' : 'plain'];
  if (!isWithVerify) return { 'application/json': content };
  const description = `JPEG, PNG, BMP or WebP, ${min} to ${max} bytes.`;
  const image = z.string().meta({ format: 'binary', description });
  if (version === 'v1.2') return { 'multipart/form-data': withoutNull(content).extend({ verifyImage: image }) };
  return {
    'multipart/form-data': z.object({ Parameters: content, VerifyImage: image }),
    'application/json': content,
  };
}

/** The same fields as parts of a form, which are text and so cannot be null. */
function withoutNull({ shape }: z.ZodObject): z.ZodObject {
  const fields = Object.entries(shape).map(([name, field]) => {
    const given = field instanceof z.ZodOptional ? field.unwrap() : null;
    return [name, given instanceof z.ZodNullable ? z.optional(given.unwrap()).meta(field.meta() ?? {}) : field];
  });
  return z.object(Object.fromEntries(fields));
}
