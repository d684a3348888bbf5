/** Waiting that ends. */

/** @throws DOMException `TimeoutError` where `work` takes longer; what it comes to then is nobody's concern */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLate = () => reject(new DOMException(`Nothing within ${milliseconds} ms`, 'TimeoutError'));
    timer = setTimeout(tooLate, milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Resolves after that time, or when `signal` aborts: whoever waited asks it then. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
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
