/** How much of the process's memory bodies may take, and how much of that one session. */
import { errors } from '../errors.js';

export interface BodyMemory {
  /**
   * Does `work` while `bytes` are set aside for it.
   *
   * @throws 429 if `owner` already does as much as it may at once, 503 if there is no room
   */
  using<Result>(owner: string, bytes: number, work: () => Promise<Result>): Promise<Result>;
}

const RETRY = { 'retry-after': '1' };

/** Memory is this process's own, so unlike other limits this one is not in the database. */
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
