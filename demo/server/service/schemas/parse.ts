/** Turns a schema's first issue into the refusal that the public error table has for it. */
import { z } from 'zod';
import { errors, type ServiceError } from '../errors.js';

/** Fields with an error code of their own. */
const REFUSALS: Record<string, () => ServiceError> = {
  authTokenTimeToLiveInSeconds: errors.invalidTokenLifetime,
  livenessOperationMode: errors.invalidLivenessOperationMode,
  deviceCorrelationId: errors.invalidDeviceCorrelationId,
};

/**
 * @param name prefix of the reported path, if `value` is only a part of the body @throws 400 with the code of the first
 * field at fault
 */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown, name?: string): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path ?? [];
  const refusal = REFUSALS[String(path[0])];
  throw refusal?.() ?? errors.invalidRequestBody(z.core.toDotPath(name ? [name, ...path] : path) || 'body');
}
