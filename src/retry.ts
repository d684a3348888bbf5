/**
 * Retries what failed temporarily: the same request with the same id, so that the service repeats its first answer. A
 * server that answers with an error is tried four times. If there is no answer, tries go on until the time is over,
 * since a connection may be lost although the device reports that it is online. While the device reports that it is
 * offline, nothing is tried, and the deadline is extended by that time and by the time of the try that was lost.
 */
import { anySignal } from './protocol/any-signal.js';
import { FailureError, failureOf, type Failure } from './protocol/failure.js';
import { isPassing, isUnanswered } from './protocol/passing.js';
import { sleep } from './wait.js';

export interface RetryOptions {
  /** Milliseconds for all tries together. */
  deadlineMs: number;
  /**
   * Milliseconds to wait for a lost connection: in total while the device reports that it is offline, otherwise for
   * each loss.
   */
  offlineMs: number;
  signal: AbortSignal;
  /** Called when the connection is lost, or back. */
  onConnection(isLost: boolean): void;
}

/**
 * One try.
 *
 * @param leftMs milliseconds left for it
 * @param onSign to be called whenever data is sent or received before the try is done
 */
export type Try<T> = (leftMs: number, onSign: () => void) => Promise<T>;

const MOST_ANSWERS = 4;
/** With less time left, a try would only time out, which would hide why the earlier ones failed. */
const SHORTEST_TRY_MS = 1_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 5_000;

/** @throws FailureError of the last try, or `Offline` */
export async function retrying<T>(work: Try<T>, options: RetryOptions): Promise<T> {
  const { signal, onConnection } = options;
  let end = performance.now() + options.deadlineMs;
  let offlineMs = options.offlineMs;
  let [answers, silences] = [0, 0];
  /** Time of the first try without an answer; null while the connection works. */
  let lostAt: number | null = null;
  const onSign = () => {
    if (lostAt !== null) onConnection(false);
    lostAt = null;
  };
  for (;;) {
    const began = performance.now();
    try {
      const value = await work(end - began, onSign);
      onSign();
      return value;
    } catch (error) {
      const failure = failureOf(error);
      if (signal.aborted || !isPassing(failure)) throw error;
      if (isOffline()) {
        offlineMs -= await untilOnline({ ...options, offlineMs });
        end += performance.now() - began;
        [answers, silences, lostAt] = [0, 0, null];
        continue;
      }
      const isLost = isUnanswered(failure);
      if (isLost) lostAt ??= performance.now();
      else onSign();
      const delay = delayAfter(isLost ? ++silences : ++answers, failure);
      const last = Math.min(end - SHORTEST_TRY_MS, (lostAt ?? Infinity) + options.offlineMs);
      if (answers >= MOST_ANSWERS || performance.now() + delay >= last) throw error;
      if (lostAt !== null) onConnection(true);
      await sleep(delay, signal);
      // In a background page timers fire late, so check again.
      if (signal.aborted || performance.now() >= end - SHORTEST_TRY_MS) throw error;
    }
  }
}

/**
 * Doubles each time, but is no shorter than the service asks. Up to half of it is random, so that not all clients return
 * at once, even if the service tells all of them the same.
 */
function delayAfter(tries: number, { retryAfter = 0 }: Failure): number {
  const half = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1)) / 2;
  return Math.max(half, retryAfter * 1000) + half * Math.random();
}

/** Node, where the tests run, has no `navigator.onLine`. */
function isOffline(): boolean {
  return (globalThis.navigator as Navigator | undefined)?.onLine === false;
}

/** @returns milliseconds until the connection was back */
async function untilOnline({ offlineMs, signal, onConnection }: RetryOptions): Promise<number> {
  const start = performance.now();
  onConnection(true);
  const back = new AbortController();
  addEventListener('online', () => back.abort(), { once: true, signal });
  await sleep(offlineMs, anySignal(signal, back.signal));
  if (!back.signal.aborted) {
    throw new FailureError({ code: 'Offline', message: `The device was offline for more than ${offlineMs} ms` });
  }
  onConnection(false);
  return performance.now() - start;
}
