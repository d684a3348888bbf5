/** Waiting with a time limit or a signal. */

export function timeLimitExceeded(milliseconds: number): DOMException {
  return new DOMException(`The time limit of ${milliseconds} ms was exceeded`, 'TimeoutError');
}

/** @throws DOMException `TimeoutError` if `work` takes longer; its later outcome is ignored */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeLimitExceeded(milliseconds)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** @throws the reason of `signal` as soon as it aborts; the later outcome of `work` is ignored */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal });
  });
  return Promise.race([work, aborted]).finally(() => over.abort());
}

/** Resolves after that time or when `signal` aborts; the caller has to check which. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
