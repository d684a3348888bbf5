/**
 * Threads that take one task each, and a queue with an end. A thread that dies, takes too long or fails again and
 * again is replaced; its task fails and no other does. Nothing here knows what the tasks are about.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads';

export interface PoolOptions {
  /** Module of the threads. It posts `{kind: 'ready'}`, then for each message `{kind: 'answer' | 'failed'}`. */
  module: URL;
  workerData: unknown;
  threads: number;
  /** Tasks that may wait for each thread beside the one it works on. */
  queue: number;
  /** Milliseconds a task may have to wait, as long as the last ones took. */
  waitMs: number;
  /** Milliseconds a task may take in a thread. */
  taskMs: number;
  /** Milliseconds a thread may take to be ready. */
  startMs: number;
  /** Hears of threads that died, could not be started, or were ended because of their tasks. */
  onLost?: ((error: PoolFailed) => void) | undefined;
}

/** Every place in the queue is taken, or it would wait too long. */
export class PoolBusy extends Error {}
/** The task failed, took too long or could not be handed over; its thread died, or none could be started; or the pool was closed. */
export class PoolFailed extends Error {}

interface Task {
  message: unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
  /** Takes away the listener on the caller's signal. */
  release(): void;
}

interface Thread {
  worker: Worker;
  ready: boolean;
  task: Task | null;
  /** When it was given that. */
  since: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Tasks in a row that it said had failed. */
  failures: number;
  /** The last it wrote, for the error when it dies. */
  output: string;
}

type Answer = { kind: 'ready' } | { kind: 'answer'; value: unknown } | { kind: 'failed'; message: string };

const OUTPUT_KEPT = 2_000;
/** A thread that cannot start is tried again after this long, and each time after twice as long, or a broken installation would spin. */
const RESTART_MS = 1_000;
const MOST_RESTART_MS = 60_000;
/** Part of the last task in the mean of those before. */
const LAST = 1 / 8;
/** A thread that fails at once is idle at once, and would take nearly every task that comes. */
const FAILURES = 3;

export class ThreadPool {
  readonly #options: PoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #queue: Task[] = [];
  readonly #awaiting: { resolve(): void; reject(error: Error): void }[] = [];
  /** Threads that are taken out, and not at their end yet. */
  readonly #ending = new Set<Promise<unknown>>();
  #restart: ReturnType<typeof setTimeout> | undefined;
  #restartMs = RESTART_MS;
  /** Milliseconds of the last tasks, in the mean; 0: there was none yet. */
  #usualMs = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#fill();
  }

  /** Resolves when a thread can work. @throws PoolFailed when none could be started, or the pool is closed */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new PoolFailed('The pool is closed');
      if ([...this.#threads].some(({ ready }) => ready)) resolve();
      else this.#awaiting.push({ resolve, reject });
    });
  }

  /** @throws PoolBusy, PoolFailed, or the signal's reason */
  run(message: unknown, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new PoolFailed('The pool is closed');
      signal.throwIfAborted();
      if (!this.#idle() && this.#full()) throw new PoolBusy('Every thread is at work, and enough wait already');
      const abort = (): void => this.#abort(task, signal.reason as Error);
      const task: Task = { message, resolve, reject, release: () => signal.removeEventListener('abort', abort) };
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.push(task);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    for (const task of this.#queue.splice(0)) this.#fail(task, new PoolFailed('The pool is closed'));
    for (const { reject } of this.#awaiting.splice(0)) reject(new PoolFailed('The pool is closed'));
    for (const thread of this.#threads) void this.#drop(thread, new PoolFailed('The pool is closed'));
    await Promise.all(this.#ending);
  }

  /** Who waits until nobody asks any more takes a thread's time from those who are asked for. */
  #full(): boolean {
    const { threads, queue, waitMs } = this.#options;
    const waiting = this.#queue.length;
    const working = Math.max(1, [...this.#threads].filter(({ ready }) => ready).length);
    return waiting >= queue * threads || ((waiting + 1) * this.#usualMs) / working > waitMs;
  }

  #idle(): Thread | undefined {
    return [...this.#threads].find((thread) => thread.ready && !thread.task);
  }

  #fill(): void {
    try {
      while (!this.#closed && this.#threads.size < this.#options.threads) this.#start();
    } catch (error) {
      // The system gives no more threads, or no memory for one.
      this.#startLater(new PoolFailed(`A thread could not be started. ${String(error)}`));
    }
  }

  #start(): void {
    const { module, workerData, startMs } = this.#options;
    const options: WorkerOptions = { workerData, execArgv: [], stdout: true, stderr: true };
    const thread: Thread = {
      worker: new Worker(module, options),
      ready: false,
      task: null,
      since: 0,
      timer: setTimeout(() => void this.#replace(thread, `It was not ready within ${startMs} ms`), startMs),
      failures: 0,
      output: '',
    };
    thread.timer?.unref();
    this.#threads.add(thread);
    const keep = (chunk: Buffer): void => void (thread.output = (thread.output + chunk).slice(-OUTPUT_KEPT));
    thread.worker.stdout.on('data', keep);
    thread.worker.stderr.on('data', keep);
    thread.worker.on('message', (answer: Answer) => this.#answered(thread, answer));
    thread.worker.on('error', (error) => void this.#replace(thread, String(error)));
    thread.worker.on('exit', (code) => void this.#replace(thread, `It ended with code ${code}`));
  }

  #answered(thread: Thread, answer: Answer): void {
    // Of a thread that is being ended something may still be under way.
    if (!this.#threads.has(thread)) return;
    const task = this.#taken(thread);
    thread.ready = true;
    if (answer.kind === 'ready') this.#restartMs = RESTART_MS;
    for (const { resolve } of this.#awaiting.splice(0)) resolve();
    // A thread without a task does not keep the process alive.
    thread.worker.unref();
    const tookMs = performance.now() - thread.since;
    if (answer.kind === 'answer') {
      thread.failures = 0;
      this.#took(tookMs);
      this.#settle(task, () => task?.resolve(answer.value));
    }
    if (answer.kind === 'failed') {
      // That it failed soon does not tell that others are done soon.
      this.#took(Math.max(this.#usualMs, tookMs));
      this.#fail(task, new PoolFailed(answer.message));
      if (++thread.failures === FAILURES) void this.#replace(thread, `${FAILURES} tasks in a row failed`);
    }
    this.#next();
  }

  #next(): void {
    for (let thread = this.#idle(); thread && this.#queue.length > 0; thread = this.#idle()) {
      const [task] = this.#queue.splice(0, 1);
      if (task) this.#give(thread, task);
    }
  }

  #give(thread: Thread, task: Task): void {
    try {
      thread.worker.postMessage(task.message);
    } catch (error) {
      // No memory for the copy, for instance: the thread has heard nothing of it.
      return this.#fail(task, new PoolFailed(`A task could not be handed over. ${String(error)}`));
    }
    thread.task = task;
    thread.since = performance.now();
    thread.timer = setTimeout(() => this.#late(thread), this.#options.taskMs);
    thread.worker.ref();
  }

  #late(thread: Thread): void {
    const { taskMs } = this.#options;
    this.#took(taskMs);
    void this.#replace(thread, `A task took more than ${taskMs} ms`);
  }

  #took(ms: number): void {
    // The clock goes on where the process stands still.
    const took = Math.min(ms, this.#options.taskMs);
    this.#usualMs += (took - this.#usualMs) * (this.#usualMs === 0 ? 1 : LAST);
  }

  /** One that is worked on goes on: to end its thread and load what it needs anew would cost more than the rest. */
  #abort(task: Task, reason: Error): void {
    const place = this.#queue.indexOf(task);
    if (place !== -1) this.#queue.splice(place, 1);
    this.#fail(task, reason);
  }

  /** What a thread has worked on, done or not. */
  #taken(thread: Thread): Task | null {
    clearTimeout(thread.timer);
    const { task } = thread;
    thread.task = null;
    return task;
  }

  async #replace(thread: Thread, why: string): Promise<void> {
    if (!this.#threads.has(thread)) return;
    const error = new PoolFailed(`A thread was lost. ${why}\n${thread.output}`.trim());
    await this.#drop(thread, error);
    if (this.#closed) return;
    if (!thread.ready) return this.#startLater(error);
    this.#options.onLost?.(error);
    this.#fill();
  }

  #startLater(error: PoolFailed): void {
    // Of those that are still being started, each may be the one that can work.
    if (this.#threads.size === 0) for (const { reject } of this.#awaiting.splice(0)) reject(error);
    this.#options.onLost?.(error);
    this.#restart ??= setTimeout(() => this.#again(), this.#restartMs);
  }

  #again(): void {
    this.#restart = undefined;
    this.#restartMs = Math.min(2 * this.#restartMs, MOST_RESTART_MS);
    this.#fill();
  }

  async #drop(thread: Thread, error: Error): Promise<void> {
    this.#threads.delete(thread);
    this.#fail(this.#taken(thread), error);
    const ending = thread.worker.terminate();
    this.#ending.add(ending);
    await ending;
    this.#ending.delete(ending);
  }

  #fail(task: Task | null, error: Error): void {
    this.#settle(task, () => task?.reject(error));
  }

  #settle(task: Task | null, settle: () => void): void {
    task?.release();
    settle();
  }
}
