/**
 * Does again what failed for a while: the same request, with the same id, so that the service answers as it did the first
 * time. While the device is offline it waits, and neither that time counts nor that of the try that was lost to it.
 */
import { anySignal } from './protocol/any-signal.js';
import { FailureError, failureOf, type Failure, type LivenessErrorCode } from './protocol/errors.js';
import { pause } from './wait.js';

export interface RetryOptions {
  /** Milliseconds for all tries together. */
  deadlineMs: number;
  /** Milliseconds for which a lost connection is waited for, in all. */
  offlineMs: number;
  signal: AbortSignal;
  /** The connection is lost, or back. */
  onConnection(isLost: boolean): void;
}

const MOST_TRIES = 4;
const FIRST_DELAY_MS = 500;

/** What can be otherwise the next time, though nobody does anything. */
const PASSING: readonly LivenessErrorCode[] = [
  'ServiceUnreachable',
  'ServerRequestTimedOut',
  'UnexpectedServerError',
  'TooManyRequests',
  'AssetsNotLoaded',
  'AssetsTimedOut',
];

/**
 * @param work one try, with the milliseconds that are left for it
 * @throws FailureError of the last try, or `Offline`
 */
export async function retrying<T>(work: (leftMs: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal } = options;
  let end = performance.now() + options.deadlineMs;
  let offlineMs = options.offlineMs;
  for (let tries = 1; ; tries++) {
    const began = performance.now();
    try {
      return await work(end - began);
    } catch (error) {
      const failure = failureOf(error);
      if (signal.aborted || !isPassing(failure)) throw error;
      if (isOffline()) {
        offlineMs -= await connection({ ...options, offlineMs });
        end += performance.now() - began;
        tries = 0;
        continue;
      }
      const delay = delayAfter(tries, failure);
      if (tries >= MOST_TRIES || performance.now() + delay >= end) throw error;
      await pause(delay, signal);
      // A timer of a page in the background rings late.
      if (signal.aborted || performance.now() >= end) throw error;
    }
  }
}

/** A refusal passes only where the server is to blame: an answer of 404 will be the same again. */
function isPassing({ code, status = 500 }: Failure): boolean {
  return PASSING.includes(code) && (status >= 500 || status === 408 || status === 429);
}

/** Twice as long each time and by chance a little less, so that not all come back at once; never before the service asks. */
function delayAfter(tries: number, { retryAfter = 0 }: Failure): number {
  const delay = FIRST_DELAY_MS * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
  return Math.max(delay, retryAfter * 1000);
}

/** Node, where the tests run, has no such thing. */
function isOffline(): boolean {
  return (globalThis.navigator as Navigator | undefined)?.onLine === false;
}

/** @returns milliseconds until it was back */
async function connection({ offlineMs, signal, onConnection }: RetryOptions): Promise<number> {
  const start = performance.now();
  onConnection(true);
  const back = new AbortController();
  addEventListener('online', () => back.abort(), { once: true, signal });
  await pause(offlineMs, anySignal(signal, back.signal));
  if (!back.signal.aborted) {
    throw new FailureError({ code: 'Offline', message: `The device was offline for more than ${offlineMs} ms` });
  }
  onConnection(false);
  return performance.now() - start;
}
