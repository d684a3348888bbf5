/** What all operations of the service share. */
import type { Context } from 'hono';
import type { Judge } from '../judge/judge.js';
import type { Database } from '../database/schema.js';
import type { Transact } from '../database/transact.js';
import type { ActiveMotion, LivenessOperationMode } from '../../../src/protocol/wire.js';
import type { KeyCheck } from './access/api-keys.js';
import type { BodyMemory } from './body/memory.js';
import type { NotReady } from './health.js';
import type { Limits } from './limits.js';
import type { Loggable } from './loggable.js';
import type { Tokens } from './access/tokens.js';

export interface ServiceContext {
  database: Database;
  transact: Transact;
  tokens: Tokens;
  findApiKey: KeyCheck;
  judge: Judge;
  /** Once aborted, the service no longer waits for the judge. */
  ending: AbortSignal;
  limits: Limits;
  bodyMemory: BodyMemory;
  drawDirections: (mode: LivenessOperationMode) => ActiveMotion[];
  /** Milliseconds since the epoch. */
  now: () => number;
  log: Log;
  loggable: Loggable;
}

/** One line of the structured log. Never holds a token, a key or a picture: see `loggable.ts`. */
export type LogLine = { level: 'info' | 'error'; event: string } & Record<string, string | number | null | undefined>;
export type Log = (line: LogLine) => void;

/** What the log line and the audit entry need to know of a request. */
export interface RequestContext {
  requestId: string;
  clientRequestId: string;
  receivedAt: number;
  /** Milliseconds of a monotonic clock. */
  startedAt: number;
  sessionId?: string | undefined;
  /** Fingerprint of the API key that was presented. */
  key?: Promise<string>;
  /** How many sessions the response lists. */
  sessions?: number;
  /** The part of the request for which the request was refused. */
  target?: string | undefined;
  /** Origin of a page that is not allowed to call the service. */
  refusedOrigin?: string;
  /** Why `/readyz` fails. */
  notReady?: NotReady;
}

/** Hono's environment: what the middleware passes on to the operations. */
export interface ServiceEnv {
  Variables: { request: RequestContext };
}

export type ServiceRequest = Context<ServiceEnv>;
