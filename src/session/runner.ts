/**
 * Executes the effects of the reducer and dispatches the events that result. Everything a run holds is in
 * `RunResources`: releasing them stops the camera, ends the worker and aborts the requests.
 */
import { proxy } from 'comlink';
import { keepCompiled, withCompiled } from '../compiled.js';
import { LONGEST_MS } from '../deadlines.js';
import { activated, watchPage } from '../page-life.js';
import { prefetched } from '../prefetch.js';
import { FailureError, failureOf, type Failure } from '../protocol/failure.js';
import type { TokenClaims } from '../protocol/token.js';
import { retrying, type RetryOptions } from '../retry.js';
import { ServiceClient } from '../service-client.js';
import { requirePageSupport, requireWorkerSupport } from '../support.js';
import { readVerifyImage, requireVerifyImage } from '../verify-image.js';
import { guide, openCamera, resumeCamera } from './film.js';
import { RunResources, type Emit, type EventOf, type RunnerHost, type RunOptions } from './run-resources.js';
import { IDLE, reduce } from './reduce.js';
import type { Effect, SessionEvent, SessionState } from './state.js';

/**
 * The host whose run is active. Only one per page: some systems allow neither a second camera nor a second worker, and
 * WebKit gives WebGL to one worker only.
 */
let holder: RunnerHost | null = null;

/**
 * Ends the active run if its element was removed earlier in this task: the element itself cancels only in a later
 * microtask.
 */
export function endReplaced(): void {
  holder?.cancelOutside();
}

export class SessionRunner {
  readonly #host: RunnerHost;
  #state: SessionState = IDLE;
  #run = 0;
  #resources: RunResources | null = null;

  constructor(host: RunnerHost) {
    this.#host = host;
  }

  /** Call only while this host has no active run. Errors that prevent the start lead to the state `failed`. */
  start(options: RunOptions): void {
    const run = ++this.#run;
    const emit: Emit = (event) => this.#dispatch(run, event);
    try {
      this.#resources = hold(options, this.#host, emit);
    } catch (error) {
      this.#become({ name: 'failed', run, failure: failureOf(error), attemptsRemaining: null });
      return;
    }
    holder = this.#host;
    emit({ type: 'start' });
  }

  /** Discards the outcome of the last run and returns to `idle`. */
  reset(): void {
    this.#become(IDLE);
  }

  cancel(): void {
    this.#dispatch(this.#run, { type: 'canceled' });
  }

  /** Switches to this camera; ignored by a session that has already asked for head turns. */
  chooseCamera(cameraId: string): void {
    if (!this.#resources || !cameraId || this.cameraId === cameraId) return;
    this.#resources.choice = { ...this.#resources.choice, cameraId };
    this.#dispatch(this.#run, { type: 'cameraChosen' });
  }

  /** `deviceId` of the camera that is open or being opened; empty if there is none. */
  get cameraId(): string {
    return this.#resources?.choice.cameraId || (this.#resources?.camera?.deviceId ?? '');
  }

  answerPrompt(agreed: boolean): void {
    this.#dispatch(this.#run, { type: 'promptAnswered', agreed });
  }

  #become(state: SessionState): void {
    this.#state = state;
    this.#host.stateChanged(state);
  }

  #dispatch(run: number, eventOfRun: EventOf<SessionEvent>): void {
    const event = { ...eventOfRun, run } as SessionEvent;
    const { state, effects } = reduce(this.#state, event);
    const changed = state !== this.#state;
    this.#state = state;
    const resources = this.#resources;
    // Late events of an earlier run do not belong in the recording of this one.
    if (run === this.#run) resources?.options.recorder?.event(resources.clock(), event);
    if (resources) for (const effect of effects) this.#execute(effect, resources);
    if (changed) this.#host.stateChanged(state);
  }

  #execute(effect: Effect, resources: RunResources): void {
    const { emit } = resources;
    const orFail = (work: Promise<void>) => {
      work.catch((error: unknown) => emit({ type: 'failed', failure: failureOf(error) }));
    };
    switch (effect.type) {
      case 'prepare':
        orFail(prepare(resources));
        break;
      case 'reopenCamera':
        orFail(openCamera(resources));
        break;
      case 'startAttempt':
        orFail(startAttempt(resources));
        break;
      case 'guide':
        orFail(guide(resources, effect.attempt));
        break;
      case 'turn':
        orFail(resources.bridge.call((api) => api.beginTurns(), resources.deadlines.frame));
        break;
      case 'submit':
        orFail(submit(resources));
        break;
      case 'deadline':
        resources.deadline.start(resources.deadlines[effect.of], () => emit({ type: 'timedOut' }));
        break;
      case 'pause':
        resources.pause(() => emit({ type: 'timedOut' }));
        break;
      case 'resume':
        resources.resume();
        resumeCamera(resources);
        break;
      case 'endAttempt':
        resources.service.endAttempt({ attemptId: effect.attemptId, reason: effect.reason });
        break;
      case 'release':
        resources.release();
        this.#resources = null;
        holder = null;
        break;
    }
  }
}

/**
 * @throws FailureError `AlreadyRunning`, or the code of what is wrong with the browser, the token, the verify image,
 * the address of the assets or that of the worker
 */
function hold(options: RunOptions, host: RunnerHost, emit: Emit): RunResources {
  if (holder) throw new FailureError({ code: 'AlreadyRunning', message: 'Another session is running in this page' });
  requirePageSupport();
  const service = new ServiceClient(options.token, options.endpoint);
  requireVerifyImage(service.claims, options.verifyImage);
  return new RunResources(options, service, host, emit);
}

async function prepare(resources: RunResources): Promise<void> {
  const { visibility, signal, emit } = resources;
  const left = () =>
    emit({
      type: 'failed',
      failure: { code: 'PageSuspended', message: 'The person left the page, or the browser froze it' },
    });
  // A freeze before the camera is requested loses nothing: a session in a background tab may wait until somebody looks.
  const frozen = () => resources.video && left();
  watchPage({ left, frozen }, signal);
  visibility.addEventListener('change', () => emit({ type: 'page', isHidden: visibility.checkHidden() }), { signal });
  void visibility.follow(signal);
  await activated(signal);
  await startWorker(resources);
  await Promise.all([loadDetector(resources), openOnceVisible(resources)]);
}

async function startWorker(resources: RunResources): Promise<void> {
  const start = (leftMs: number) => {
    // A worker whose file failed to load never starts: replace it.
    if (resources.bridge.hasEnded) resources.renewWorker();
    return requireWorkerSupport(resources.bridge, leftMs);
  };
  await retrying(start, retries(resources, resources.deadlines.assets));
}

/** Opens the camera only once the verify image has proved usable and the element is visible. */
async function openOnceVisible(resources: RunResources): Promise<void> {
  const { options, deadlines, service, visibility, signal } = resources;
  if (options.verifyImage) resources.verifyImage = await readVerifyImage(options.verifyImage, deadlines.sessionStart);
  await visibility.untilVisible(signal);
  service.requireTime();
  await openCamera(resources);
}

async function loadDetector(resources: RunResources): Promise<void> {
  const { bridge, deadlines, assets, signal, emit } = resources;
  const load = async (leftMs: number, onSign: () => void) => {
    const end = performance.now() + leftMs;
    let share = 0;
    const onProgress = (progress: number) => {
      // The first report may be of cached bytes; only an increase shows that data arrives.
      if (share > 0 && progress > share) onSign();
      share = progress;
      emit({ type: 'loading', progress });
    };
    await prefetched(assets, leftMs, onProgress, signal);
    // The worker enforces the deadline of the download; the bridge's only catches a worker that hangs.
    const loadMs = Math.max(0, end - performance.now());
    await keepCompiled(assets, (next) =>
      bridge.call((api) => api.load(withCompiled(assets), loadMs, proxy(onProgress), next), loadMs + deadlines.frame),
    );
  };
  await retrying(load, retries(resources, deadlines.assets));
  emit({ type: 'detectorReady' });
}

/** Minimum time for one try of `session/start`, as long as that much is left. */
const START_TRY_MS = 8_000;

async function startAttempt(resources: RunResources): Promise<void> {
  const { service, options, deadlines, signal, emit } = resources;
  const clientRequestId = crypto.randomUUID();
  const start = (leftMs: number) => {
    // A connection that died silently never reports it: stop early enough to try again on a new one.
    const tryMs = Math.min(leftMs, Math.max(START_TRY_MS, leftMs / 2));
    return service.startAttempt(options.deviceCorrelationId, tryMs, signal, clientRequestId);
  };
  const attempt = await retrying(start, retries(resources, deadlines.sessionStart));
  // The service accepts nothing after the attempt has expired.
  resources.attemptTime.start(Math.min(attempt.limits.seconds * 1_000, LONGEST_MS), () =>
    emit({ type: 'failed', failure: outOfTime(service.claims) }),
  );
  emit({ type: 'attemptStarted', attempt });
}

/**
 * An attempt ends with its token at the latest, rounded to whole seconds. Once the token has expired, another attempt
 * cannot help.
 */
function outOfTime({ exp }: TokenClaims): Failure {
  return (exp - 1) * 1_000 <= Date.now()
    ? { code: 'TokenExpired', message: 'The token expired during the attempt' }
    : { code: 'AttemptExpired', message: 'The attempt took longer than the service allows' };
}

async function submit(resources: RunResources): Promise<void> {
  const { bridge, camera, video, service, deadlines, verifyImage, emit } = resources;
  if (!camera || !video) throw new Error('Submission without a camera');
  const clientRequestId = crypto.randomUUID();
  const submission = {
    url: service.submissionUrl,
    token: service.token,
    clientRequestId,
    camera: camera.settings(video),
    verifyImage,
  };
  resources.releaseCamera();
  // The worker enforces the deadline of the request; the bridge's only catches a worker that hangs.
  const send = (leftMs: number, onSign: () => void) => {
    const onProgress = proxy((progress: number) => {
      onSign();
      emit({ type: 'sending', progress });
    });
    return bridge.call(
      (api) => api.submit({ ...submission, deadlineMs: leftMs }, onProgress),
      leftMs + deadlines.frame,
    );
  };
  const receipt = await retrying(send, retries(resources, deadlines.submit));
  emit({ type: 'received', receipt, clientRequestId });
}

function retries({ deadlines, signal, emit }: RunResources, deadlineMs: number): RetryOptions {
  const onConnection = (isLost: boolean) => emit({ type: 'connection', isLost });
  return { deadlineMs, offlineMs: deadlines.offline, signal, onConnection };
}
