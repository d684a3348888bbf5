/** Limits the memory that request bodies take in this process, and how many one session may have in work at once. */
import { errors } from '../errors.js';

export interface BodyMemory {
  /**
   * Reserves `bytes` while `work` runs.
   *
   * @throws 429 if `owner` already has as much in work as it may, 503 if too little memory is left
   */
  using<Result>(owner: string, bytes: number, work: () => Promise<Result>): Promise<Result>;
}

const RETRY = { 'retry-after': '1' };

/** Memory belongs to this process, so unlike the other limits this one is not in the database. */
export function createBodyMemory(limits: { totalBytes: number; atOncePerOwner: number }): BodyMemory {
  let left = limits.totalBytes;
  const busy = new Map<string, number>();
  return {
    async using(owner, bytes, work) {
      const others = busy.get(owner) ?? 0;
      if (others >= limits.atOncePerOwner) throw errors.rateLimited(RETRY);
      if (bytes > left) throw errors.unavailable(RETRY);
      left -= bytes;
      busy.set(owner, others + 1);
      try {
        return await work();
      } finally {
        left += bytes;
        const rest = (busy.get(owner) ?? 1) - 1;
        if (rest === 0) busy.delete(owner);
        else busy.set(owner, rest);
      }
    },
  };
}
