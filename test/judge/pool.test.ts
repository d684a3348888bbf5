/** Threads that exit, hang or run out of memory, and a queue of limited length. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PoolBusy, PoolFailed, ThreadPool, type PoolOptions } from '../../demo/server/judge/default/pool.js';
import { ASSETS, THREAD } from './judge.js';

const MODULE = new URL('./threads/obedient.mjs', import.meta.url);
const ALONE = new URL('./threads/alone.mjs', import.meta.url);

let pool: ThreadPool;
const lost: string[] = [];

function open(options: Partial<PoolOptions> = {}): ThreadPool {
  lost.length = 0;
  pool = new ThreadPool({
    module: MODULE,
    workerData: null,
    threads: 1,
    queue: 2,
    waitMs: 60_000,
    taskMs: 20_000,
    startMs: 20_000,
    onLost: (error) => lost.push(error.message),
    ...options,
  });
  return pool;
}

afterEach(() => pool.close());
afterEach(() => vi.useRealTimers());

/** Limits the heap of threads started from now on; 0 restores V8's default, which takes seconds to fill. */
const limitHeap = (megabytes: number): void => setFlagsFromString(`--max-old-space-size=${megabytes}`);
beforeAll(() => limitHeap(64));
afterAll(() => limitHeap(0));

/** `workerData` that throws when Node copies it, unless `given()`: then the system seems to refuse the thread. */
const system = (given: () => boolean) => ({
  get thread() {
    if (!given()) throw new Error('EAGAIN');
    return null;
  },
});

const never = (): AbortSignal => AbortSignal.timeout(60_000);

describe('a thread pool', () => {
  it('gives each thread one task at a time', async () => {
    open({ threads: 2, queue: 10 });
    await Promise.all([pool.run(['answer'], never()), pool.run(['answer'], never())]);
    const start = performance.now();
    const threads = await Promise.all([1, 2, 3, 4].map(() => pool.run(['wait', 200], never())));
    expect(new Set(threads).size).toBe(2);
    expect(performance.now() - start).toBeGreaterThan(390);
  });

  it('throws PoolBusy for a task beyond its queue, and takes tasks again later', async () => {
    open({ queue: 2 });
    await pool.run(['answer'], never());
    const accepted = [1, 2, 3].map(() => pool.run(['wait', 100], never()));
    await expect(pool.run(['answer'], never())).rejects.toThrow(PoolBusy);
    expect(await Promise.all(accepted)).toHaveLength(3);
    expect(await pool.run(['answer', 'again'], never())).toBe('again');
  });

  it('queues tasks before its threads are ready, but no more than its queue holds', async () => {
    open({ queue: 1 });
    const first = pool.run(['answer', 1], never());
    await expect(pool.run(['answer', 2], never())).rejects.toThrow(PoolBusy);
    expect(await first).toBe(1);
  });

  it.each([['throw'], ['exit'], ['fill']])(
    'fails the task of a thread that was told to %s, and runs the next one',
    async (deed) => {
      open();
      const failed = pool.run([deed], never());
      const waiting = pool.run(['answer', 'alive'], never());
      await expect(failed).rejects.toThrow(PoolFailed);
      expect(await waiting).toBe('alive');
      expect(lost).toHaveLength(1);
    },
  );

  it.each([
    ['is still awaited', 60_000, /more than 1000 ms/],
    ['was aborted', 100, /aborted due to timeout/],
  ])('ends a thread whose task takes longer than taskMs and %s', async (_, patienceMs, error) => {
    open({ taskMs: 1_000 });
    await pool.run(['answer'], never());
    const hung = pool.run(['hang'], AbortSignal.timeout(patienceMs));
    const waiting = pool.run(['answer', 'alive'], never());
    await expect(hung).rejects.toThrow(error);
    expect(await waiting).toBe('alive');
    expect(lost).toEqual([expect.stringMatching(/more than 1000 ms/)]);
  });

  it('lets a running task end when its caller aborts, and drops one that is still queued', async () => {
    open();
    const thread = await pool.run(['answer'], never());
    const [running, waiting] = [new AbortController(), new AbortController()];
    const dropped = pool.run(['wait', 100], running.signal);
    const forgotten = pool.run(['exit'], waiting.signal);
    waiting.abort(new Error('gone'));
    await expect(forgotten).rejects.toThrow('gone');
    running.abort(new Error('gone too'));
    await expect(dropped).rejects.toThrow('gone too');
    expect(await pool.run(['answer'], never())).toBe(thread);
    expect(lost).toEqual([]);
  });

  it('answers every task it takes under triple load, and throws PoolBusy for the others at once', async () => {
    const usualMs = 30;
    // The time of five tasks; on a slower machine, fewer fit in.
    open({ queue: 1000, waitMs: 5 * usualMs });
    // Timers may fire 1 ms early.
    const task = ['wait', usualMs + 1];
    await pool.run(task, never());
    let done = 0;
    const asked: { giveUp: AbortController; after: number; outcome: Promise<string> }[] = [];
    const ask = (): void => {
      const [giveUp, before] = [new AbortController(), done];
      const outcome = pool.run(task, giveUp.signal).then(
        () => goOn(),
        (error: unknown) => (error instanceof PoolBusy && done === before ? 'busy' : String(error)),
      );
      // Gives up once ten more tasks have ended: twice the wait that the pool may accept.
      asked.push({ giveUp, after: before + 10, outcome });
    };
    const goOn = (): string => {
      done++;
      for (const { giveUp, after } of asked) if (after === done) giveUp.abort(new Error('given up'));
      if (done < 30) for (let times = 0; times < 3; times++) ask();
      return 'answered';
    };
    ask();
    const outcomes: string[] = [];
    for (const { outcome } of asked) outcomes.push(await outcome);
    expect(new Set(outcomes)).toEqual(new Set(['answered', 'busy']));
    expect(lost).toEqual([]);
  });

  it('gives refused tasks one turn after the other, each when a thread has done one more task', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    open({ queue: 1 });
    const turnMs = async () => {
      const refused: unknown = await pool.run(['answer'], never()).catch((error: unknown) => error);
      return (refused as PoolBusy).turnMs;
    };
    const task = (ms: number) => {
      const done = pool.run(['answer'], never());
      vi.advanceTimersByTime(ms);
      return done;
    };
    const first = task(0);
    expect(await turnMs(), 'before any task has ended').toBeNaN();
    await first;
    await task(3_000);
    const hung = [1, 2].map(() => expect(pool.run(['hang'], never())).rejects.toThrow(/closed/));
    expect([await turnMs(), await turnMs(), await turnMs()]).toEqual([3_000, 6_000, 9_000]);
    vi.advanceTimersByTime(5_000);
    expect(await turnMs()).toBe(7_000);
    for (let refused = 0; refused < 10; refused++) expect(await turnMs()).toBeLessThanOrEqual(20_000);
    vi.advanceTimersByTime(60_000);
    expect(await turnMs(), 'after all turns').toBe(3_000);
    await pool.close();
    await Promise.all(hung);
  });

  it('throws PoolBusy by what its working threads can do, when others cannot start', async () => {
    open({ module: ALONE, workerData: new Int32Array(new SharedArrayBuffer(8)), threads: 4, waitMs: 300 });
    await pool.run(['wait', 200], never());
    const asked = [1, 2, 3, 4].map(() => pool.run(['wait', 200], never()));
    const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
    // One task runs and one waits; on a slow machine none may wait.
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused).toEqual(refused.map(() => ({ status: 'rejected', reason: expect.any(PoolBusy) as unknown })));
  });

  it('keeps a thread that reports that its task failed', async () => {
    open();
    const thread = await pool.run(['answer'], never());
    await expect(pool.run(['fail'], never())).rejects.toThrow('told to');
    expect(await pool.run(['answer'], never())).toBe(thread);
  });

  it('replaces a thread after three failed tasks in a row, but not if it answers in between', async () => {
    open();
    const thread = await pool.run(['answer'], never());
    const fail = () => expect(pool.run(['fail'], never())).rejects.toThrow('told to');
    await fail();
    await fail();
    expect(await pool.run(['answer'], never())).toBe(thread);
    await fail();
    await fail();
    expect(lost).toEqual([]);
    await fail();
    expect(await pool.run(['answer'], never())).not.toBe(thread);
    expect(lost).toEqual([expect.stringMatching(/3 tasks in a row failed/)]);
  });

  it('does not expect shorter tasks after quick failures', async () => {
    const usualMs = 500;
    open({ waitMs: usualMs - 20 });
    await pool.run(['wait', usualMs], never());
    for (const deed of ['fail', 'fail']) await expect(pool.run([deed], never())).rejects.toThrow('told to');
    const running = pool.run(['wait', usualMs], never());
    await expect(pool.run(['answer'], never())).rejects.toThrow(PoolBusy);
    await running;
  });

  it('expects longer tasks after slow failures', async () => {
    open({ waitMs: 180 });
    await expect(pool.run(['fail', 200], never())).rejects.toThrow('told to');
    const running = pool.run(['wait', 200], never());
    await expect(pool.run(['answer'], never())).rejects.toThrow(PoolBusy);
    await running;
  });

  it('expects longer tasks after one that it ended for taking longer than taskMs', async () => {
    open({ taskMs: 1_000, waitMs: 900 });
    await expect(pool.run(['hang'], never())).rejects.toThrow(/more than 1000 ms/);
    await pool.ready();
    const hung = expect(pool.run(['hang'], never())).rejects.toThrow(PoolFailed);
    await expect(pool.run(['answer'], never())).rejects.toThrow(PoolBusy);
    await pool.close();
    await hung;
  });

  it('fails a task that cannot be cloned, and keeps the thread', async () => {
    open();
    const thread = await pool.run(['answer'], never());
    const notCloned = (): unknown => ['answer', () => undefined];
    await expect(pool.run(notCloned(), never())).rejects.toThrow(PoolFailed);
    const before = pool.run(['answer'], never());
    const waiting = expect(pool.run(notCloned(), never())).rejects.toThrow(PoolFailed);
    expect(await before).toBe(thread);
    await waiting;
    expect(await pool.run(['answer'], never())).toBe(thread);
    expect(lost).toEqual([]);
  });

  it('goes on once the system gives it a thread again', async () => {
    let refusals = 0;
    open({ workerData: system(() => refusals-- <= 0) });
    await pool.run(['answer'], never());
    refusals = 2;
    await expect(pool.run(['exit'], never())).rejects.toThrow(PoolFailed);
    await expect(pool.ready()).rejects.toThrow(/EAGAIN/);
    expect(await pool.run(['answer', 'alive'], never())).toBe('alive');
    expect(lost).toEqual([
      expect.stringMatching(/code 3/),
      expect.stringMatching(/EAGAIN/),
      expect.stringMatching(/EAGAIN/),
    ]);
  });

  it('retries after 1 to 60 s while the system gives it no thread, and after 1 s again once it got one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let given = false;
    open({ workerData: system(() => given) });
    const pauses = [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000);
    for (const [index, pauseMs] of pauses.entries()) {
      vi.advanceTimersByTime(pauseMs - 1);
      expect(lost).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
    }
    given = true;
    vi.advanceTimersByTime(60_000);
    await pool.ready();
    lost.length = 0;
    given = false;
    await expect(pool.run(['exit'], never())).rejects.toThrow(PoolFailed);
    while (lost.length < 2) await new Promise(setImmediate);
    vi.advanceTimersByTime(1_000);
    expect(lost).toHaveLength(3);
  });

  it('is ready once one thread has started, though the system refuses another', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let given = 1;
    open({ threads: 2, workerData: system(() => given-- > 0) });
    const ready = pool.ready();
    vi.advanceTimersByTime(1_000);
    expect(lost).toHaveLength(2);
    await ready;
  });

  it('is ready once one thread has started, though another has died', async () => {
    const workerData = new Int32Array(new SharedArrayBuffer(8));
    const [hold, release] = [1, 0];
    workerData[1] = hold;
    const letStart = (): void => {
      Atomics.store(workerData, 1, release);
      Atomics.notify(workerData, 1);
    };
    open({ module: ALONE, workerData, threads: 2, onLost: letStart });
    await pool.ready();
  });

  it('resolves ready() again when it is already ready', async () => {
    open();
    await pool.ready();
    await pool.ready();
  });

  it('fails running, queued and new tasks once it is closed', async () => {
    open();
    await pool.run(['answer'], never());
    const hung = expect(pool.run(['hang'], never())).rejects.toThrow(/closed/);
    const waiting = expect(pool.run(['answer'], never())).rejects.toThrow(/closed/);
    await pool.close();
    await Promise.all([hung, waiting]);
    await expect(pool.run(['answer'], never())).rejects.toThrow(/closed/);
    await expect(pool.ready()).rejects.toThrow(/closed/);
  });

  it('ends all threads before close() resolves, also one that it was replacing', async () => {
    const workers: Worker[] = [];
    const collect = (message: unknown): void => void workers.push((message as { worker: Worker }).worker);
    subscribe('worker_threads', collect);
    open();
    unsubscribe('worker_threads', collect);
    for (const deed of ['fail', 'fail', 'fail']) await expect(pool.run([deed], never())).rejects.toThrow('told to');
    await pool.close();
    // The id of a thread that has ended.
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1]);
  });

  it('says why its threads cannot start, and retries no more than twice in 1.5 s', async () => {
    open({ module: new URL('./threads/missing.mjs', import.meta.url) });
    await expect(pool.ready()).rejects.toThrow(/missing\.mjs/);
    await expect(pool.run(['answer'], AbortSignal.timeout(1_500))).rejects.toThrow();
    expect(lost.length).toBeGreaterThanOrEqual(1);
    expect(lost.length).toBeLessThanOrEqual(3);
    expect(lost[0]).toMatch(/missing\.mjs/);
  });
});

it.runIf(process.platform === 'linux')(
  'the judge’s thread is five steps of nice below the one that started it',
  async () => {
    limitHeap(0);
    open({ module: THREAD, workerData: { assets: ASSETS, attackModel: null } });
    await pool.ready();
    expect(Math.max(...nices())).toBe(getPriority() + 5);
  },
);

/** The `nice` of every thread of this process (proc_pid_stat(5), field 19). */
function nices(): number[] {
  return readdirSync('/proc/self/task').map((id) => {
    const [, fields = ''] = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ');
    return Number(fields.split(' ')[16]);
  });
}

it('the judge’s thread starts where the system does not let it lower its priority', async () => {
  limitHeap(0);
  open({
    module: new URL('./threads/without-priority.mjs', import.meta.url),
    workerData: { assets: ASSETS, attackModel: null },
  });
  await pool.ready();
});
