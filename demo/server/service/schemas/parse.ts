/** From a schema's complaint to the refusal the public error table has for it. */
import type { z } from 'zod';
import { errors, type ServiceError } from '../errors.js';

/** Fields whose refusal has a code of its own. */
const REFUSALS: Record<string, () => ServiceError> = {
  authTokenTimeToLiveInSeconds: errors.invalidTokenLifetime,
  livenessOperationMode: errors.invalidLivenessOperationMode,
  deviceCorrelationId: errors.invalidDeviceCorrelationId,
};

/** @throws 400 with the code of the first field at fault */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const field = String(result.error.issues[0]?.path[0] ?? '');
  throw (REFUSALS[field] ?? errors.invalidRequestBody)();
}
