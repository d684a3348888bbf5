/**
 * A pool of threads that run one task each, with a bounded queue. A thread that dies, takes too long or fails again and
 * again is replaced; only its own task fails. The pool knows nothing about what the tasks do.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads';

export interface PoolOptions {
  /** Module of the threads. It posts `ready`, then for each message `answer` or `failed`. */
  module: URL;
  workerData: unknown;
  threads: number;
  /** Tasks that may wait for each thread, besides the one it works on. */
  queue: number;
  /** Milliseconds that a new task may be expected to wait, judging by how long previous tasks took. */
  waitMs: number;
  /** Milliseconds a task may take in a thread. */
  taskMs: number;
  /** Milliseconds a thread may take to be ready. */
  startMs: number;
  /** Called for threads that died, could not be started, or were ended because of their tasks. */
  onLost?: ((error: PoolFailed) => void) | undefined;
}

/** The queue is full, or the task would have to wait too long. */
export class PoolBusy extends Error {
  /** Milliseconds after which the task's turn comes; NaN before the pool knows how long a task takes. */
  readonly turnMs: number;

  constructor(turnMs: number) {
    super('No thread is free, and the queue is full or the wait would be too long');
    this.turnMs = turnMs;
  }
}
/** The task failed, took too long or could not be handed over; its thread died, or none could be started; or the pool was closed. */
export class PoolFailed extends Error {}

interface Task {
  message: unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Thread {
  worker: Worker;
  ready: boolean;
  task: Task | null;
  /** When the thread got its task. */
  since: number;
  timer: ReturnType<typeof setTimeout>;
  /** Tasks in a row that the thread reported as failed. */
  failures: number;
  /** The end of what the thread printed, for the error if it dies. */
  output: string;
}

/** What a thread posts. */
export type ThreadAnswer = { kind: 'ready' } | { kind: 'answer'; value: unknown } | { kind: 'failed'; message: string };

const OUTPUT_KEPT = 2_000;
/**
 * Milliseconds until the pool again tries to start a thread that could not start. Doubled each time: a broken
 * installation must not restart in a busy loop.
 */
const RESTART_MS = 1_000;
const MOST_RESTART_MS = 60_000;
/** Nobody's turn is later than this: many refused tasks never come back, and the others should not wait for them. */
const LONGEST_TURN_MS = 20_000;
/** Weight of the latest task in the running mean of task times. */
const LAST = 1 / 8;
/**
 * Failures in a row after which a thread is replaced. A thread whose tasks all fail at once is idle again at once, and
 * would take nearly every new task.
 */
const FAILURES = 3;

export class ThreadPool {
  readonly #options: PoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #queue: Task[] = [];
  readonly #awaiting: { resolve(): void; reject(error: Error): void }[] = [];
  /** Threads that were removed from the pool but have not ended yet. */
  readonly #ending = new Set<Promise<unknown>>();
  #restart: ReturnType<typeof setTimeout> | undefined;
  #restartMs = RESTART_MS;
  /** Running mean of the milliseconds a task takes; 0 before the first. */
  #usualMs = 0;
  /** When the turn of the task that was refused last comes. */
  #lastTurn = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#fill();
  }

  /** Resolves when a thread can work. @throws PoolFailed if none can be started or the pool is closed */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new PoolFailed('The pool is closed');
      if ([...this.#threads].some(({ ready }) => ready)) resolve();
      else this.#awaiting.push({ resolve, reject });
    });
  }

  /** @throws PoolBusy, PoolFailed, or the signal's reason */
  run(message: unknown, signal: AbortSignal): Promise<unknown> {
    const listening = new AbortController();
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new PoolFailed('The pool is closed');
      signal.throwIfAborted();
      if (!this.#idle() && this.#full()) throw new PoolBusy(this.#turnMs());
      const task: Task = { message, resolve, reject };
      signal.addEventListener('abort', () => this.#abort(task, signal.reason as Error), { signal: listening.signal });
      this.#queue.push(task);
      this.#next();
    }).finally(() => listening.abort());
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    for (const { reject } of this.#queue.splice(0)) reject(new PoolFailed('The pool is closed'));
    for (const { reject } of this.#awaiting.splice(0)) reject(new PoolFailed('The pool is closed'));
    for (const thread of this.#threads) void this.#drop(thread, new PoolFailed('The pool is closed'));
    await Promise.all(this.#ending);
  }

  /**
   * Whether a new task must be refused. A task whose caller gives up before it is done takes time from tasks that are
   * still wanted.
   */
  #full(): boolean {
    const { threads, queue, waitMs } = this.#options;
    const waiting = this.#queue.length;
    return waiting >= queue * threads || (waiting + 1) * this.#placeMs() > waitMs;
  }

  /** Usual milliseconds from one task's end to the next, and so until there is one more place in the queue. */
  #placeMs(): number {
    return this.#usualMs / Math.max(1, [...this.#threads].filter(({ ready }) => ready).length);
  }

  /** Gives each refused task a later turn: of those that come back at once, most would be refused again. */
  #turnMs(): number {
    if (this.#usualMs === 0) return NaN;
    const now = performance.now();
    this.#lastTurn = Math.min(Math.max(now, this.#lastTurn) + this.#placeMs(), now + LONGEST_TURN_MS);
    return this.#lastTurn - now;
  }

  #idle(): Thread | undefined {
    return [...this.#threads].find((thread) => thread.ready && !thread.task);
  }

  #fill(): void {
    try {
      while (!this.#closed && this.#threads.size < this.#options.threads) this.#start();
    } catch (error) {
      // The system provides no more threads, or no memory for one.
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
    thread.timer.unref();
    this.#threads.add(thread);
    const keep = (chunk: Buffer): void => void (thread.output = (thread.output + chunk).slice(-OUTPUT_KEPT));
    thread.worker.stdout.on('data', keep);
    thread.worker.stderr.on('data', keep);
    thread.worker.on('message', (answer: ThreadAnswer) => this.#answered(thread, answer));
    thread.worker.on('error', (error) => void this.#replace(thread, String(error)));
    thread.worker.on('exit', (code) => void this.#replace(thread, `It ended with code ${code}`));
  }

  #answered(thread: Thread, answer: ThreadAnswer): void {
    // A message may still arrive from a thread that is being ended.
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
      task?.resolve(answer.value);
    }
    if (answer.kind === 'failed') {
      // A quick failure does not mean that other tasks are quick.
      this.#took(Math.max(this.#usualMs, tookMs));
      task?.reject(new PoolFailed(answer.message));
      if (++thread.failures === FAILURES) void this.#replace(thread, `${FAILURES} tasks in a row failed`);
    }
    this.#next();
  }

  #next(): void {
    for (let thread = this.#idle(); thread; thread = this.#idle()) {
      const task = this.#queue.shift();
      if (!task) return;
      this.#give(thread, task);
    }
  }

  #give(thread: Thread, task: Task): void {
    try {
      thread.worker.postMessage(task.message);
    } catch (error) {
      // For instance, there was no memory for the copy. The thread did not receive the message.
      return task.reject(new PoolFailed(`A task could not be handed over. ${String(error)}`));
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
    // The clock keeps running while the process is suspended, so limit the time.
    const took = Math.min(ms, this.#options.taskMs);
    this.#usualMs += (took - this.#usualMs) * (this.#usualMs === 0 ? 1 : LAST);
  }

  /**
   * Drops a waiting task. One that a thread works on continues: ending the thread and loading everything again would
   * cost more than finishing it.
   */
  #abort(task: Task, reason: Error): void {
    const place = this.#queue.indexOf(task);
    if (place !== -1) this.#queue.splice(place, 1);
    task.reject(reason);
  }

  /** Takes the task from a thread, finished or not. */
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
    // Reports failure only if no thread is left: any that is still starting may succeed.
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
    this.#taken(thread)?.reject(error);
    const ending = thread.worker.terminate();
    this.#ending.add(ending);
    await ending;
    this.#ending.delete(ending);
  }
}
