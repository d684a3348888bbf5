/**
 * An operation of the API as data: its route, who may call it, what it accepts and returns. Routing and the OpenAPI
 * document are both made from this.
 */
import type { z } from 'zod';
import type { ServiceRequest } from '../context.js';
import { isUuid } from '../uuid.js';

export const API_VERSIONS = ['v1.1-preview.1', 'v1.2-preview.1', 'v1.2'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];
export const PREVIEW_VERSIONS = ['v1.1-preview.1', 'v1.2-preview.1'] as const satisfies readonly ApiVersion[];

/** The version of operations whose path has none. */
const NEWEST_VERSION: ApiVersion = 'v1.2';

export interface Operation {
  id: string;
  summary: string;
  /** `key`: subscription key of a back end. `token`: session token of a client device. */
  caller: 'key' | 'token';
  method: 'get' | 'post' | 'delete';
  /** Parameters in braces; relative to `/face/{apiVersion}`, or to the root for an operation without versions. */
  path: string;
  versions: readonly ApiVersion[] | 'none';
  /** Query parameters by name. */
  query?: Record<string, z.ZodType>;
  /** Request bodies by media type. */
  request?: (version: ApiVersion) => Record<string, z.ZodType>;
  /** Successful responses by status. Null: no body. A string: bytes of that media type. */
  responses: Record<number, z.ZodType | string | null>;
  handle(request: ServiceRequest, version: ApiVersion): Promise<Response>;
}

/** The routes of an operation, one for each version. */
export function routesOf({ versions, path }: Operation): { path: string; version: ApiVersion }[] {
  if (versions === 'none') return [{ path, version: NEWEST_VERSION }];
  return versions.map((version) => ({ path: `/face/${version}${path}`, version }));
}

/** @returns the id in the path; empty if it is not a UUID, so that nothing is found for it */
export function idIn({ req }: ServiceRequest, parameter: 'sessionId' | 'sessionImageId'): string {
  const id = req.param(parameter) ?? '';
  return isUuid(id) ? id : '';
}
