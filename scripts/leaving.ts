/**
 * Signals to handle: Node does not emit `exit` if a signal ends it, so without a handler, children would keep running
 * and temporary folders would remain.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `work`, which must be synchronous, when this process ends, even by a signal.
 *
 * @returns a function that cancels the call
 */
export function whenLeaving(work: () => void): () => void {
  const takeBack = (): void => {
    process.off('exit', work);
    for (const signal of SIGNALS) process.off(signal, leave);
  };
  const leave = (signal: NodeJS.Signals): void => {
    takeBack();
    work();
    // Sent again, the signal ends the process as usual, unless another handler takes care of it. `process.exit` is no
    // alternative: it throws in a Vitest worker.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once('exit', work);
  for (const signal of SIGNALS) process.once(signal, leave);
  return takeBack;
}
