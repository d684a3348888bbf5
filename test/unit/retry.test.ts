/** Retries, with fake timers. Node has no network state, so the tests stub one. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LivenessErrorCode } from '../../src/protocol/errors.js';
import { FailureError, type Failure } from '../../src/protocol/failure.js';
import { retrying, type RetryOptions } from '../../src/retry.js';

const abort = { current: new AbortController() };
let connection: boolean[];
let network: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  abort.current = new AbortController();
  connection = [];
  network = new EventTarget();
  vi.stubGlobal('addEventListener', network.addEventListener.bind(network));
  vi.stubGlobal('navigator', { onLine: true });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const options = (changes: Partial<RetryOptions> = {}): RetryOptions => ({
  deadlineMs: 60_000,
  offlineMs: 30_000,
  signal: abort.current.signal,
  onConnection: (isLost) => connection.push(isLost),
  ...changes,
});

interface Tries {
  /** When each try began and how much time it was given, in milliseconds. */
  at: [began: number, leftMs: number][];
  outcome: Promise<string>;
}

const BUSY: Partial<Failure> = { code: 'UnexpectedServerError', status: 503 };

/** Retries work that has these failures in turn, then succeeds. `outcome`: `done`, or the code of the final failure. */
function attempt(failures: Partial<Failure>[], changes: Partial<RetryOptions> = {}): Tries {
  const start = performance.now();
  const left = [...failures];
  const at: Tries['at'] = [];
  const work = async (leftMs: number): Promise<string> => {
    at.push([Math.round(performance.now() - start), Math.round(leftMs)]);
    const failure = left.shift();
    if (failure) throw new FailureError({ code: 'ServiceUnreachable', message: 'why', ...failure });
    return 'done';
  };
  const outcome = retrying(work, options(changes)).catch((error: unknown) => (error as FailureError).failure.code);
  return { at, outcome };
}

const began = ({ at }: Tries) => at.map(([time]) => time);

it('does not retry a success', async () => {
  const tries = attempt([]);
  expect(await tries.outcome).toBe('done');
  expect(tries.at).toEqual([[0, 60_000]]);
});

it('retries a temporary failure, later each time, with the time that is left', async () => {
  const tries = attempt([BUSY, BUSY, BUSY]);
  await vi.runAllTimersAsync();
  expect(await tries.outcome).toBe('done');
  expect(tries.at).toEqual([
    [0, 60_000],
    [500, 59_500],
    [1_500, 58_500],
    [3_500, 56_500],
  ]);
  expect(connection, 'it is there').toEqual([]);
});

it('shortens the waits at random, but at most by half', async () => {
  vi.mocked(Math.random).mockReturnValue(0);
  const tries = attempt([{}, {}, {}]);
  await vi.runAllTimersAsync();
  expect(began(tries)).toEqual([0, 250, 750, 1_750]);
});

it('gives up after the fourth answer, with the last failure', async () => {
  const tries = attempt([BUSY, BUSY, {}, BUSY, { code: 'TooManyRequests', status: 429 }, BUSY]);
  await vi.runAllTimersAsync();
  expect(await tries.outcome).toBe('TooManyRequests');
  expect(tries.at).toHaveLength(5);
});

it('gives up after the fourth try at a worker file, which may be missing', async () => {
  const tries = attempt(Array<Partial<Failure>>(5).fill({ code: 'WorkerNotLoaded' }));
  await vi.runAllTimersAsync();
  expect(await tries.outcome).toBe('WorkerNotLoaded');
  expect(tries.at).toHaveLength(4);
});

describe('without an answer', () => {
  it('retries until the deadline, every five seconds in the end', async () => {
    const tries = attempt(Array<Partial<Failure>>(9).fill({}), { deadlineMs: 20_000 });
    await vi.runAllTimersAsync();
    expect(await tries.outcome).toBe('ServiceUnreachable');
    expect(began(tries)).toEqual([0, 500, 1_500, 3_500, 7_500, 12_500, 17_500]);
  });

  it('reports the connection as lost, and as back with any answer', async () => {
    const tries = attempt([{}, {}, BUSY, {}]);
    await vi.advanceTimersByTimeAsync(0);
    expect(connection, 'while the second is waited for').toEqual([true]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(connection, 'the third is answered').toEqual([true, true, false]);
    await vi.runAllTimersAsync();
    expect(await tries.outcome).toBe('done');
    expect(connection).toEqual([true, true, false, true, false]);
  });

  it('gives up after `offlineMs`', async () => {
    const tries = attempt(Array<Partial<Failure>>(9).fill({}), { offlineMs: 5_000 });
    await vi.runAllTimersAsync();
    expect(await tries.outcome).toBe('ServiceUnreachable');
    expect(began(tries)).toEqual([0, 500, 1_500, 3_500]);
  });

  it('restarts `offlineMs` with each sign of the connection, and reports it as back', async () => {
    let tries = 0;
    const work = async (_: number, onSign: () => void) => {
      if (++tries % 3 === 0) onSign();
      if (tries === 9) return 'done';
      throw new FailureError({ code: 'AssetsNotLoaded', message: 'why' });
    };
    const outcome = retrying(work, options({ offlineMs: 16_000 }));
    await vi.runAllTimersAsync();
    expect(await outcome).toBe('done');
    expect(connection).toEqual([true, true, false, true, true, true, false, true, true, true, false]);
  });

  it('takes a sign of the connection even after the try has failed', async () => {
    let sign = () => {};
    const work = async (_: number, onSign: () => void) => {
      if (sign === onSign) return 'done';
      sign = onSign;
      throw new FailureError({ code: 'AssetsNotLoaded', message: 'why' });
    };
    const outcome = retrying(work, options());
    await vi.advanceTimersByTimeAsync(100);
    sign();
    await vi.runAllTimersAsync();
    expect(await outcome).toBe('done');
    expect(connection).toEqual([true, false]);
  });
});

it('begins no try that would have less than a second: it would only hide why the others failed', async () => {
  const tries = attempt([{}, {}, {}], { deadlineMs: 2_400 });
  await vi.runAllTimersAsync();
  expect(await tries.outcome).toBe('ServiceUnreachable');
  expect(began(tries)).toEqual([0, 500]);
});

it('begins no try that has less than a second because the timer came late', async () => {
  const tries = attempt([{}], { deadlineMs: 2_000 });
  await vi.advanceTimersByTimeAsync(499);
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 600);
  await vi.runAllTimersAsync();
  expect(await tries.outcome).toBe('ServiceUnreachable');
  expect(began(tries)).toEqual([0]);
});

describe('the failures that are retried', () => {
  it.each<[LivenessErrorCode, number | undefined]>([
    ['ServiceUnreachable', undefined],
    ['ServerRequestTimedOut', undefined],
    ['ServerRequestTimedOut', 408],
    ['UnexpectedServerError', 504],
    ['UnexpectedServerError', 500],
    ['UnexpectedServerError', 503],
    ['TooManyRequests', 429],
    ['AssetsNotLoaded', undefined],
    ['AssetsNotLoaded', 502],
    ['AssetsTimedOut', undefined],
    ['WorkerNotLoaded', undefined],
  ])('include %s with status %s', async (code, status) => {
    const tries = attempt([{ code, ...(status ? { status } : {}) }]);
    await vi.runAllTimersAsync();
    expect(await tries.outcome).toBe('done');
  });

  it.each<[LivenessErrorCode, number | undefined]>([
    ['InvalidToken', 401],
    ['TokenExpired', 401],
    ['SessionNotFound', 404],
    ['AttemptsExhausted', 403],
    ['DigestMismatch', 400],
    ['UnexpectedClientError', 400],
    ['AssetsNotLoaded', 404],
    ['WorkerCrashed', undefined],
    ['WorkerTimedOut', undefined],
    ['Unexpected', undefined],
  ])('do not include %s with status %s', async (code, status) => {
    const tries = attempt([{ code, ...(status ? { status } : {}) }]);
    await vi.runAllTimersAsync();
    expect(await tries.outcome).toBe(code);
    expect(tries.at).toHaveLength(1);
  });
});

it.each([
  ['no', 0, 7_000],
  ['the largest', 1, 7_250],
])('waits for as long as retry-after asks for, with %s random extra', async (_, random, waited) => {
  vi.mocked(Math.random).mockReturnValue(random);
  const tries = attempt([{ code: 'TooManyRequests', status: 429, retryAfter: 7 }]);
  await vi.runAllTimersAsync();
  expect(began(tries)).toEqual([0, waited]);
});

it('never returns before retry-after, and at most 2.5 seconds after it or after its own pause', async () => {
  const answers = fc.record({ retryAfter: fc.nat(12), random: fc.double({ min: 0, max: 1, noNaN: true }) });
  await fc.assert(
    fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 3 }), async (given) => {
      for (const { random } of given) vi.mocked(Math.random).mockReturnValueOnce(random);
      const tries = attempt(given.map(({ retryAfter }) => ({ ...BUSY, retryAfter })));
      await vi.runAllTimersAsync();
      expect(await tries.outcome).toBe('done');
      const times = began(tries);
      given.forEach(({ retryAfter }, index) => {
        const waited = (times[index + 1] ?? 0) - (times[index] ?? 0);
        expect(waited).toBeGreaterThanOrEqual(retryAfter * 1_000);
        expect(waited).toBeLessThanOrEqual(Math.max(retryAfter * 1_000, 2_500) + 2_500);
      });
    }),
  );
});

it('gives up at once if retry-after asks for more time than is left', async () => {
  const tries = attempt([{ code: 'TooManyRequests', status: 429, retryAfter: 600 }]);
  expect(await tries.outcome).toBe('TooManyRequests');
});

it('ends at once if canceled between two tries, and never tries again', async () => {
  const tries = attempt([{}, {}]);
  await vi.advanceTimersByTimeAsync(100);
  abort.current.abort();
  expect(await tries.outcome).toBe('ServiceUnreachable');
  await vi.runAllTimersAsync();
  expect(tries.at).toHaveLength(1);
});

describe('offline', () => {
  const offline = () => vi.stubGlobal('navigator', { onLine: false });
  const online = () => {
    vi.stubGlobal('navigator', { onLine: true });
    network.dispatchEvent(new Event('online'));
  };

  it('waits for the connection, without counting that time', async () => {
    offline();
    const tries = attempt([{}], { deadlineMs: 5_000 });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(connection).toEqual([true]);
    online();
    expect(await tries.outcome).toBe('done');
    expect(connection).toEqual([true, false]);
    expect(tries.at).toEqual([
      [0, 5_000],
      [20_000, 5_000],
    ]);
  });

  it('gives the next try as much time as the one that hung until its deadline', async () => {
    const began: [at: number, leftMs: number][] = [];
    const start = performance.now();
    const work = async (leftMs: number) => {
      began.push([performance.now() - start, leftMs]);
      if (began.length > 1) return 'done';
      await vi.advanceTimersByTimeAsync(leftMs);
      throw new FailureError({ code: 'ServerRequestTimedOut', message: 'why' });
    };
    offline();
    const outcome = retrying(work, options({ deadlineMs: 5_000 }));
    await vi.advanceTimersByTimeAsync(1_000);
    online();
    expect(await outcome).toBe('done');
    expect(began).toEqual([
      [0, 5_000],
      [6_000, 5_000],
    ]);
  });

  it('fails with Offline after `offlineMs`', async () => {
    offline();
    const tries = attempt([{}]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await tries.outcome).toBe('Offline');
  });

  it('fails with Offline after `offlineMs` in all, however often the connection comes and goes', async () => {
    offline();
    const tries = attempt([{}, {}, {}]);
    await vi.advanceTimersByTimeAsync(20_000);
    network.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await tries.outcome).toBe('Offline');
    expect(began(tries)).toEqual([0, 20_000]);
  });

  it('never tries again if canceled while it waits', async () => {
    offline();
    const tries = attempt([{}]);
    await vi.advanceTimersByTimeAsync(1_000);
    abort.current.abort();
    await tries.outcome;
    online();
    await vi.runAllTimersAsync();
    expect(tries.at).toHaveLength(1);
    expect(connection).toEqual([true]);
  });
});
