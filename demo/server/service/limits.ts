/** What the service accepts, how often, and for how long. `docs/service.md` repeats these figures for its users. */
import { VERIFY_IMAGE_BYTES } from '../../../src/protocol/wire.js';
import type { Database } from '../database/schema.js';
import { errors } from './errors.js';

/** At most `count` requests in each fixed window of `seconds`. */
export interface Rate {
  count: number;
  seconds: number;
}

export interface Limits {
  /** Bytes of one liveness submission. */
  submissionBytes: number;
  /** Frames in one submission, 60 at most. The manifest may have four kilobytes for each. */
  frames: number;
  /** Bytes of one frame. */
  frameBytes: number;
  /** Bytes of all submissions a process works on at once. */
  submissionBytesAtOnce: number;
  /** Submissions of one session a process works on at once. */
  submissionsAtOncePerSession: number;
  /** Bytes of a verify image; the element enforces the default. */
  verifyImageBytes: { min: number; max: number };
  /** Bytes of any other request body. */
  jsonBytes: number;
  attemptsPerSession: number;
  /** Submissions of one session that are processed, including refused ones: each may cost the judge a second. */
  submissionsPerSession: number;
  /** Seconds from the start of an attempt until its submission must have arrived. */
  attemptSeconds: number;
  /** Client requests of one session. */
  sessionRequests: Rate;
  /** Attempts started under one device correlation id, over all sessions. */
  deviceAttempts: Rate;
  /** Milliseconds the service waits for the judge. */
  judgeMs: number;
  /** Milliseconds after its creation at which a session and all its data expire. */
  sessionLifetimeMs: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  submissionBytes: 12 * MiB,
  submissionBytesAtOnce: 256 * MiB,
  submissionsAtOncePerSession: 4,
  frames: 32,
  frameBytes: 2 * MiB,
  verifyImageBytes: VERIFY_IMAGE_BYTES,
  jsonBytes: 64 * 1024,
  attemptsPerSession: 3,
  submissionsPerSession: 30,
  attemptSeconds: 300,
  sessionRequests: { count: 60, seconds: 60 },
  deviceAttempts: { count: 30, seconds: 600 },
  judgeMs: 20_000,
  sessionLifetimeMs: 48 * 3_600_000,
};

/**
 * Counts one more request of `key` in the current fixed window. The database does the counting in one statement, so
 * that processes that share it share the limit.
 *
 * @param counts the database, or a transaction, which undoes the count if it fails
 * @throws 429 with `Retry-After` when the window is full
 */
export async function countAgainst(counts: Database, key: string, rate: Rate, now: number): Promise<void> {
  const windowMs = rate.seconds * 1000;
  const windowStart = now - (now % windowMs);
  const { count } = await counts
    .insertInto('rate_limit')
    .values({ key, window_start: windowStart, count: 1 })
    .onConflict((conflict) =>
      conflict.columns(['key', 'window_start']).doUpdateSet((row) => ({ count: row('rate_limit.count', '+', 1) })),
    )
    .returning('count')
    .executeTakeFirstOrThrow();
  if (count > rate.count) {
    const seconds = Math.ceil((windowStart + windowMs - now) / 1000);
    throw errors.rateLimited({ 'retry-after': String(seconds) });
  }
}
