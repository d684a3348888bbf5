/**
 * The window's end of the worker. Comlink alone never settles a call when the worker dies, and drops the code of an
 * error. Here every call ends: with a value, with the worker's failure, on a crash, on a missing file, on a time-out,
 * or when the signal aborts. Aborting terminates the worker, because wasm cannot be interrupted.
 */
import { releaseProxy, wrap, type Remote } from 'comlink';
import type { StartedWorker } from './create-worker.js';
import { FailureError, type Failure, type Outcome } from './protocol/failure.js';
import type { LivenessWorker } from './protocol/worker-api.js';

/**
 * If a timer fires more than this too late, the device was suspended or the page was busy: the worker's answer may
 * still be unread, or the worker was suspended too. The call then gets its deadline once more.
 */
const OVERDUE_MS = 100;

export class WorkerBridge {
  /** Address of the worker's file. */
  readonly address: string;
  readonly #worker: Worker;
  readonly #api: Remote<LivenessWorker>;
  readonly #pending = new Set<(failure: Failure) => void>();
  #answered = false;
  #ended: Failure | null = null;

  /** @param signal ends the worker for good */
  constructor({ worker, address }: StartedWorker, signal: AbortSignal) {
    this.address = address;
    this.#worker = worker;
    this.#api = wrap<LivenessWorker>(worker);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      // A file that cannot be loaded fires an event without a message.
      this.#end(
        event.message || this.#answered
          ? { code: 'WorkerCrashed', message: `The worker stopped: ${event.message}` }
          : { code: 'WorkerNotLoaded', message: `The worker file could not be loaded: ${address}` },
      );
    });
    worker.addEventListener('messageerror', () => {
      this.#end({ code: 'WorkerCrashed', message: 'A message from the worker could not be read' });
    });
    const abort = () => this.#end({ code: 'UserCanceledSession', message: 'The worker was terminated' });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }

  /** Whether the worker has ended: no call will be answered any more. */
  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /**
   * @param deadlineMs time after which the worker is given up and terminated
   * @throws FailureError
   */
  async call<T>(work: (api: Remote<LivenessWorker>) => Promise<Outcome<T>>, deadlineMs: number): Promise<T> {
    if (this.#ended) throw new FailureError(this.#ended);
    const outcome = await new Promise<Outcome<T>>((resolve) => {
      // Comlink never settles a call to a dead worker; `#end` releases its caller through this.
      const settle = (failure: Failure) => {
        clearTimeout(timer);
        resolve({ ok: false, failure });
      };
      const giveUp = () => {
        // If the worker never answered, its file may not have loaded at all.
        const code = this.#answered ? 'WorkerTimedOut' : 'WorkerNotLoaded';
        this.#end({ code, message: `The worker did not answer within ${deadlineMs} ms: ${this.address}` });
      };
      const due = performance.now() + deadlineMs;
      let timer = setTimeout(() => {
        if (performance.now() - due < OVERDUE_MS) giveUp();
        else timer = setTimeout(giveUp, deadlineMs);
      }, deadlineMs);
      this.#pending.add(settle);
      work(this.#api)
        .catch((error: unknown): Outcome<T> => ({ ok: false, failure: { code: 'Unexpected', message: String(error) } }))
        .then((answer) => {
          this.#answered = true;
          resolve(answer);
        })
        .finally(() => {
          clearTimeout(timer);
          this.#pending.delete(settle);
        });
    });
    if (!outcome.ok) throw new FailureError(outcome.failure);
    return outcome.value;
  }

  #end(failure: Failure): void {
    if (this.#ended) return;
    this.#ended = failure;
    this.#api[releaseProxy]();
    this.#worker.terminate();
    for (const settle of this.#pending) settle(failure);
    this.#pending.clear();
  }
}
