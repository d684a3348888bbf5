/** Node tells of its end by `exit`, but not where a signal ends it: then children go on, and folders stay. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does `work`, which waits for nothing, when this process ends, be it by a signal.
 *
 * @returns takes it back
 */
export function whenLeaving(work: () => void): () => void {
  const takeBack = (): void => {
    process.off('exit', work);
    for (const signal of SIGNALS) process.off(signal, leave);
  };
  const leave = (signal: NodeJS.Signals): void => {
    takeBack();
    work();
    // Then it ends us as it would have, unless somebody else listens; `process.exit` throws in a worker of Vitest.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once('exit', work);
  for (const signal of SIGNALS) process.once(signal, leave);
  return takeBack;
}
