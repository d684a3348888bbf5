/**
 * Schemas of fields that several requests or responses have. The lenient schemas are for what a back end sends. They
 * accept enum values in any case, and booleans and numbers as text, because the official samples send them so and a
 * multipart field is always text. Responses are not lenient.
 */
import { z } from 'zod';
import { TOKEN_LIFETIME_SECONDS } from '../access/token-lifetime.js';

/**
 * Text that is stored. PostgreSQL cannot store NUL, a lone surrogate would be read back as another character, and
 * control and format characters (such as those that change the text direction) have no place in an id.
 */
export const shortText = z
  .string()
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);

/** Not only spaces, because people have to see it. */
export const deviceId = shortText.regex(/\S/);

export function lenientEnum<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    return values.find((known) => known.toLowerCase() === value.toLowerCase()) ?? value;
  }, z.enum(values));
}

export const lenientBoolean = z.preprocess((value) => {
  const text = typeof value === 'string' ? value.toLowerCase() : null;
  return text === 'true' ? true : text === 'false' ? false : value;
}, z.boolean());

/** Also accepts a string of decimal digits as a number. */
export function lenientNumber<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value),
    schema,
  );
}

export const tokenLifetime = z.int().min(TOKEN_LIFETIME_SECONDS.min).max(TOKEN_LIFETIME_SECONDS.max);
export const imageType = z.enum(['Color', 'Infrared', 'Depth']);
/** SHA-256. */
export const digest = z.string().regex(/^[0-9A-F]{64}$/);
