/** Reads the service's environment variables, except those of its judge. `docs/service.md` explains each variable. */
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { isSafeAddress } from '../../src/protocol/safe-address.js';
import { DIST } from './built-files.js';
import type { DatabaseLocation } from './database/open.js';
import { keptKey } from './kept-key.js';
import { isUsableKey, UNUSABLE_KEY } from './service/access/api-keys.js';
import { isOrigin } from './service/loggable.js';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/**
 * Must have exactly the form in which browsers send an origin. Any other form would never match, and nobody would know
 * why.
 */
const origin = z.string().refine((text) => isOrigin(text) && !text.includes('*'), {
  error: ({ input }) =>
    `"${String(input)}" is not an origin such as https://pages.example: lower case, no path, no slash at the end, no *`,
});

export const baseUrl = z
  // Without `abort`, the checks below would run on text that is not a URL.
  .url({ protocol: /^https?$/, abort: true })
  .refine((url) => !/[?#]/.test(url), 'must have no query and no fragment, because paths are added to it')
  .refine((url) => !hasCredentials(url), 'must have no user name and no password, because they would not be sent')
  .refine((text) => isSafeAddress(new URL(text)), 'must be https, unless it is on this machine')
  .transform((url) => url.replace(/\/+$/, ''));

const apiKeys = list
  .refine((keys) => keys.length > 0, 'is set but contains no key')
  .refine((keys) => keys.every(isUsableKey), `contains a key that ${UNUSABLE_KEY}`);

const variables = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  LIVENESS_API_KEYS: apiKeys.optional(),
  LIVENESS_PUBLIC_URL: baseUrl.optional(),
  LIVENESS_ALLOWED_ORIGINS: list.pipe(z.array(origin)),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DIST_DIR: z.string().min(1).default(DIST),
  LIVENESS_DEMO: z.enum(['on', 'off']).default('off'),
  LIVENESS_SMILE: z.enum(['on', 'off']).default('off'),
});

export const SERVICE_VARIABLES = Object.keys(variables.shape);

export type Source = Record<string, string | undefined>;

/** @throws an error that names every unusable variable and says why */
export function readVariables<Output>(schema: z.ZodType<Output>, source: Source): Output {
  // Treat an empty variable as unset. `LIVENESS_API_KEYS` is the exception: if it is set but empty, a secret is
  // missing, and a new key that nobody knows must not take its place.
  const given = Object.entries(source).filter(([name, value]) => value !== '' || name === 'LIVENESS_API_KEYS');
  const result = schema.safeParse(Object.fromEntries(given));
  if (!result.success) throw new Error(z.prettifyError(result.error));
  return result.data;
}

export interface Environment {
  port: number;
  host: string;
  apiKeys: [string, ...string[]];
  /** The file that holds the generated key; undefined if keys were given. */
  apiKeyFile: string | undefined;
  publicUrl: string | undefined;
  allowedOrigins: string[];
  database: DatabaseLocation;
  /** The directory of the built pages and the element. */
  distDirectory: string;
  /** Whether the demo is served; its back end gives anybody a session. */
  demo: boolean;
  /** Whether attempts ask for a smile among the head turns. */
  smile: boolean;
}

/** @throws an error that names every unusable variable and says why */
export function readEnvironment(source: Source): Environment {
  const data = readVariables(variables, source);
  const keyFile = join(data.DATA_DIR, 'api-key');
  const [firstKey = keptKey(keyFile), ...otherKeys] = data.LIVENESS_API_KEYS ?? [];
  return {
    port: data.PORT,
    host: data.HOST,
    apiKeys: [firstKey, ...otherKeys],
    apiKeyFile: data.LIVENESS_API_KEYS ? undefined : keyFile,
    publicUrl: data.LIVENESS_PUBLIC_URL,
    allowedOrigins: data.LIVENESS_ALLOWED_ORIGINS,
    database: data.DATABASE_URL ? { url: data.DATABASE_URL } : { file: join(data.DATA_DIR, 'liveness.db') },
    distDirectory: data.DIST_DIR,
    demo: data.LIVENESS_DEMO === 'on',
    smile: data.LIVENESS_SMILE === 'on',
  };
}

/**
 * The URL that reaches `host` and `port`. For loopback and wildcard addresses it uses `localhost`, which people know,
 * and which browsers treat as secure just like 127.0.0.1.
 */
export function localUrl(host: string, port: number): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return `http://localhost:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function hasCredentials(text: string): boolean {
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}
