/**
 * Limits the memory that request bodies take in this process, and how many submissions of one session are processed at
 * once.
 */
import { errors } from '../errors.js';
import type { Limits } from '../limits.js';

export interface BodyMemory {
  /**
   * Reserves `bytes` while `work` runs.
   *
   * @throws 429 if too many submissions of the session are being processed, 503 if too little memory is left
   */
  using<Result>(sessionId: string, bytes: number, work: () => Promise<Result>): Promise<Result>;
}

const RETRY = { 'retry-after': '1' };

/** Memory belongs to this process, so unlike the other limits this one is not in the database. */
export function createBodyMemory({ submissionBytesAtOnce, submissionsAtOncePerSession }: Limits): BodyMemory {
  let left = submissionBytesAtOnce;
  const busy = new Map<string, number>();
  return {
    async using(sessionId, bytes, work) {
      const others = busy.get(sessionId) ?? 0;
      if (others >= submissionsAtOncePerSession) throw errors.rateLimited(RETRY);
      if (bytes > left) throw errors.unavailable(RETRY);
      left -= bytes;
      busy.set(sessionId, others + 1);
      try {
        return await work();
      } finally {
        left += bytes;
        const rest = (busy.get(sessionId) ?? 1) - 1;
        if (rest === 0) busy.delete(sessionId);
        else busy.set(sessionId, rest);
      }
    },
  };
}
