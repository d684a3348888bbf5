/** Threads that die, hang and fill up, and a queue that has an end. */
import { setFlagsFromString } from 'node:v8';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PoolBusy, PoolFailed, ThreadPool } from '../../demo/server/judge/default/pool.js';

const MODULE = new URL('./threads/obedient.mjs', import.meta.url);

let pool: ThreadPool;
const lost: string[] = [];

function open(options: { threads?: number; queue?: number; taskMs?: number; module?: URL } = {}): ThreadPool {
  lost.length = 0;
  pool = new ThreadPool({
    module: MODULE,
    workerData: null,
    threads: 1,
    queue: 2,
    taskMs: 20_000,
    startMs: 20_000,
    onLost: (error) => lost.push(error.message),
    ...options,
  });
  return pool;
}

afterEach(() => pool.close());

/** Megabytes of a thread that is started from now on; 0: as many as V8 thinks right, which take seconds to fill. */
const limitHeap = (megabytes: number): void => setFlagsFromString(`--max-old-space-size=${megabytes}`);
beforeAll(() => limitHeap(64));
afterAll(() => limitHeap(0));

const never = (): AbortSignal => AbortSignal.timeout(60_000);

describe('a pool', () => {
  it('gives each thread one task at a time', async () => {
    open({ threads: 2, queue: 10 });
    await Promise.all([pool.run(['answer'], never()), pool.run(['answer'], never())]);
    const start = performance.now();
    const threads = await Promise.all([1, 2, 3, 4].map(() => pool.run(['wait', 200], never())));
    expect(new Set(threads).size).toBe(2);
    expect(performance.now() - start).toBeGreaterThan(390);
  });

  it('lets no more wait than the queue holds', async () => {
    open({ queue: 2 });
    await pool.run(['answer'], never());
    const accepted = [1, 2, 3].map(() => pool.run(['wait', 100], never()));
    await expect(pool.run(['answer'], never())).rejects.toThrow(PoolBusy);
    expect(await Promise.all(accepted)).toHaveLength(3);
    expect(await pool.run(['answer', 'again'], never())).toBe('again');
  });

  it('takes tasks before its threads are ready, as many as may wait', async () => {
    open({ queue: 1 });
    const first = pool.run(['answer', 1], never());
    await expect(pool.run(['answer', 2], never())).rejects.toThrow(PoolBusy);
    expect(await first).toBe(1);
  });

  it.each([['throw'], ['exit'], ['fill']])('goes on after a thread was told to %s', async (deed) => {
    open();
    const failed = pool.run([deed], never());
    const waiting = pool.run(['answer', 'alive'], never());
    await expect(failed).rejects.toThrow(PoolFailed);
    expect(await waiting).toBe('alive');
    expect(lost).toHaveLength(1);
  });

  it('ends a thread whose task takes too long', async () => {
    open({ taskMs: 1_000 });
    await pool.run(['answer'], never());
    const hung = pool.run(['hang'], never());
    const waiting = pool.run(['answer', 'alive'], never());
    await expect(hung).rejects.toThrow(/more than 1000 ms/);
    expect(await waiting).toBe('alive');
  });

  it('ends a thread whose caller has given up, and forgets a task that still waits', async () => {
    open();
    await pool.run(['answer'], never());
    const [running, waiting] = [new AbortController(), new AbortController()];
    const hung = pool.run(['hang'], running.signal);
    const forgotten = pool.run(['answer'], waiting.signal);
    waiting.abort(new Error('gone'));
    await expect(forgotten).rejects.toThrow('gone');
    running.abort(new Error('gone too'));
    await expect(hung).rejects.toThrow('gone too');
    expect(await pool.run(['answer', 'alive'], never())).toBe('alive');
  });

  it('keeps a thread that says that its task failed', async () => {
    open();
    const thread = await pool.run(['answer'], never());
    await expect(pool.run(['fail'], never())).rejects.toThrow('told to');
    expect(await pool.run(['answer'], never())).toBe(thread);
  });

  it('says when it can work, also when it could before', async () => {
    open();
    await pool.ready();
    await pool.ready();
  });

  it('fails what waits when it is closed, and takes nothing more', async () => {
    open();
    await pool.run(['answer'], never());
    const hung = expect(pool.run(['hang'], never())).rejects.toThrow(/closed/);
    const waiting = expect(pool.run(['answer'], never())).rejects.toThrow(/closed/);
    await pool.close();
    await Promise.all([hung, waiting]);
    await expect(pool.run(['answer'], never())).rejects.toThrow(/closed/);
  });

  it('says why when its threads cannot start, and does not spin', async () => {
    open({ module: new URL('./threads/missing.mjs', import.meta.url) });
    await expect(pool.ready()).rejects.toThrow(/missing\.mjs/);
    await expect(pool.run(['answer'], AbortSignal.timeout(1_500))).rejects.toThrow();
    expect(lost.length).toBeGreaterThanOrEqual(1);
    expect(lost.length).toBeLessThanOrEqual(3);
    expect(lost[0]).toMatch(/missing\.mjs/);
  });
});
