import { rm } from 'node:fs/promises';

const DEADLINE_IN_MILLISECONDS = 10_000;

/** Removes the profile of a browser that has ended. Retries for 10 s, as its child processes may still write to it. */
export async function removeProfile(folder: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_IN_MILLISECONDS;
  for (;;) {
    try {
      return await rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
