/**
 * Does what the reducer asks for, and feeds back what came of it. Whatever a run holds is in `Held`: releasing it stops the
 * camera, ends the worker and drops the requests.
 */
import { proxy } from 'comlink';
import type { CameraChoice } from '../camera.js';
import { LONGEST_MS, type Deadlines } from '../deadlines.js';
import { activated, watchPage } from '../page-life.js';
import { keepCompiled, prefetched, withCompiled } from '../prefetch.js';
import { FailureError, failureOf, type Failure } from '../protocol/errors.js';
import type { CapturePolicy } from '../protocol/policy.js';
import type { TokenClaims } from '../protocol/token.js';
import type { CapturePlan } from '../protocol/worker-api.js';
import type { Recorder } from '../recording.js';
import { retrying, type RetryOptions } from '../retry.js';
import { ServiceClient } from '../service-client.js';
import type { Sight } from '../sight.js';
import { requirePageSupport, requireWorkerSupport } from '../support.js';
import { readVerifyImage, requireVerifyImage } from '../verify-image.js';
import { guide, openCamera, reopenCamera, resumeCamera } from './film.js';
import { Held } from './held.js';
import { IDLE, reduce } from './reduce.js';
import type { Effect, SessionEvent, SessionState } from './state.js';

/** What one run is given; read once, at its start. */
export interface RunOptions {
  token: string;
  endpoint: string;
  deviceCorrelationId: string;
  verifyImage: Blob | null;
  camera: CameraChoice;
  /** How the camera is seen: width over height of the ring, and by how much the camera's pictures are turned. */
  view: Pick<CapturePlan, 'ringAspect' | 'rotation'>;
  /** As the element's. */
  assets: string;
  workerUrl: string;
  policy: CapturePolicy;
  deadlines: Deadlines;
  /** Where measurements and events are written down, if anywhere. */
  recorder: Recorder | null;
}

/** What the runner needs of the element. */
export interface RunnerHost {
  readonly sight: Sight;
  /** Where the camera is shown; it has to be in the document by the time the camera is open. */
  video(): Promise<HTMLVideoElement>;
  /** Ends its run where it is outside the document. */
  cancelOutside(): void;
  stateChanged(state: SessionState): void;
}

type EventOf<Event> = Event extends unknown ? Omit<Event, 'run'> : never;

/** One camera and one worker per page: some systems give neither twice, and WebKit gives WebGL to one worker only. */
let holder: RunnerHost | null = null;

/** Ends the run of an element that was replaced within this task, which by itself it would only after that. */
export function endReplaced(): void {
  holder?.cancelOutside();
}

export class SessionRunner {
  state: SessionState = IDLE;
  readonly #host: RunnerHost;
  #run = 0;
  #held: Held | null = null;

  constructor(host: RunnerHost) {
    this.#host = host;
  }

  /** Where none of this host's runs; what keeps it from beginning is a failure as any other. */
  start(options: RunOptions): void {
    this.#run++;
    try {
      this.#held = hold(options, this.#host);
    } catch (error) {
      this.#become({ name: 'failed', run: this.#run, failure: failureOf(error), attemptsRemaining: null });
      return;
    }
    holder = this.#host;
    this.#dispatch(this.#run, { type: 'start' });
  }

  /** What became of the last run is history. */
  reset(): void {
    this.#become(IDLE);
  }

  cancel(): void {
    this.#dispatch(this.#run, { type: 'canceled' });
  }

  /** From now on this camera; a session that is under way goes on with it, except in its head turns. */
  chooseCamera(cameraId: string): void {
    if (!this.#held || !cameraId || this.cameraId === cameraId) return;
    this.#held.choice = { ...this.#held.choice, cameraId };
    this.#dispatch(this.#run, { type: 'cameraChosen' });
  }

  /** `deviceId` of the camera that is open, or being opened in its place; empty where none is. */
  get cameraId(): string {
    return this.#held?.choice.cameraId || (this.#held?.camera?.deviceId ?? '');
  }

  answerPrompt(agreed: boolean): void {
    this.#dispatch(this.#run, { type: 'promptAnswered', agreed });
  }

  #become(state: SessionState): void {
    this.state = state;
    this.#host.stateChanged(state);
  }

  #dispatch(run: number, eventOfRun: EventOf<SessionEvent>): void {
    const event = { ...eventOfRun, run } as SessionEvent;
    const { state, effects } = reduce(this.state, event);
    const changed = state !== this.state;
    this.state = state;
    const held = this.#held;
    // What an earlier run still says is no part of this one.
    if (run === this.#run) held?.options.recorder?.event(held.clock(), event);
    if (held) for (const effect of effects) this.#execute(effect, run, held);
    if (changed) this.#host.stateChanged(state);
  }

  #execute(effect: Effect, run: number, held: Held): void {
    const emit = (event: EventOf<SessionEvent>) => this.#dispatch(run, event);
    const orFail = (work: Promise<void>) => {
      work.catch((error: unknown) => emit({ type: 'failed', failure: failureOf(error) }));
    };
    switch (effect.type) {
      case 'prepare': {
        const left = () => emit({ type: 'failed', failure: { code: 'PageSuspended', message: 'The page was left' } });
        // Until the camera is asked for nothing is lost: a tab in the background waits for somebody to look.
        const frozen = () => held.video && left();
        watchPage({ left, frozen }, held.signal);
        const { sight, signal } = held;
        sight.addEventListener('change', () => emit({ type: 'page', isHidden: sight.look() }), { signal });
        void sight.follow(signal);
        orFail(prepare(held, emit, this.#host));
        break;
      }
      case 'reopenCamera':
        orFail(reopenCamera(held, emit, this.#host));
        break;
      case 'startAttempt':
        orFail(startAttempt(held, emit));
        break;
      case 'guide':
        orFail(guide(held, effect.attempt, emit));
        break;
      case 'turn':
        orFail(held.bridge.call((api) => api.beginTurns(), held.deadlines.frame).then(() => undefined));
        break;
      case 'submit':
        orFail(submit(held, emit));
        break;
      case 'deadline':
        held.deadline.start(held.deadlines[effect.of], () => emit({ type: 'timedOut' }));
        break;
      case 'pause':
        held.pause(() => emit({ type: 'timedOut' }));
        break;
      case 'resume':
        held.resume();
        resumeCamera(held, emit);
        break;
      case 'endAttempt':
        held.service.endAttempt({ attemptId: effect.attemptId, reason: effect.reason });
        break;
      case 'release':
        held.release();
        this.#held = null;
        holder = null;
        break;
    }
  }
}

/** @throws FailureError `AlreadyRunning`, or of the support, the token, the verify image, the assets' or the worker's address */
function hold(options: RunOptions, { sight }: RunnerHost): Held {
  if (holder) throw new FailureError({ code: 'AlreadyRunning', message: 'A session is running in this page' });
  requirePageSupport();
  const service = new ServiceClient(options.token, options.endpoint);
  requireVerifyImage(service.claims, options.verifyImage);
  return new Held(options, service, sight);
}

export type Emit = (event: EventOf<SessionEvent>) => void;

async function prepare(held: Held, emit: Emit, host: RunnerHost): Promise<void> {
  await activated(held.signal);
  await startWorker(held, emit);
  await Promise.all([loadDetector(held, emit), openInSight(held, emit, host)]);
}

async function startWorker(held: Held, emit: Emit): Promise<void> {
  const start = (leftMs: number) => {
    // One whose file did not come never starts.
    if (held.bridge.hasEnded) held.renewWorker();
    return requireWorkerSupport(held.bridge, leftMs);
  };
  await retrying(start, retries(held, held.deadlines.assets, emit));
}

/** For a file that cannot be used no camera goes on, and none before somebody can see where. */
async function openInSight(held: Held, emit: Emit, host: RunnerHost): Promise<void> {
  const { options, deadlines, service, sight, signal } = held;
  if (options.verifyImage) held.verifyImage = await readVerifyImage(options.verifyImage, deadlines.sessionStart);
  await sight.back(signal);
  service.requireTime();
  await openCamera(held, emit, host);
}

async function loadDetector(held: Held, emit: Emit): Promise<void> {
  const { bridge, deadlines, assets, signal } = held;
  const load = async (leftMs: number, onSign: () => void) => {
    const end = performance.now() + leftMs;
    let share = 0;
    const onProgress = (progress: number) => {
      // The first may be of what was kept; what is more than that has come now.
      if (share > 0 && progress > share) onSign();
      share = progress;
      emit({ type: 'loading', progress });
    };
    await prefetched(assets, leftMs, onProgress, signal);
    // The worker keeps the deadline of the fetching; the bridge's is only for a worker that hangs.
    const loadMs = Math.max(0, end - performance.now());
    await keepCompiled(assets, (next) =>
      bridge.call((api) => api.load(withCompiled(assets), loadMs, proxy(onProgress), next), loadMs + deadlines.frame),
    );
  };
  await retrying(load, retries(held, deadlines.assets, emit));
  emit({ type: 'detectorReady' });
}

/** For an answer to one `session/start`, at least. */
const START_TRY_MS = 8_000;

async function startAttempt(held: Held, emit: Emit): Promise<void> {
  const { service, options, deadlines, signal } = held;
  const clientRequestId = crypto.randomUUID();
  const start = (leftMs: number) => {
    // A connection that died in silence is found out only by asking on another.
    const tryMs = Math.min(leftMs, Math.max(START_TRY_MS, leftMs / 2));
    return service.startAttempt(options.deviceCorrelationId, tryMs, signal, clientRequestId);
  };
  const attempt = await retrying(start, retries(held, deadlines.sessionStart, emit));
  // What is done after it has ended is done in vain.
  held.attemptTime.start(Math.min(attempt.limits.seconds * 1_000, LONGEST_MS), () =>
    emit({ type: 'failed', failure: outOfTime(service.claims) }),
  );
  emit({ type: 'attemptStarted', attempt });
}

/** An attempt has no more time than its token has, and that in whole seconds: with the token's, no other attempt can help. */
function outOfTime({ exp }: TokenClaims): Failure {
  return (exp - 1) * 1_000 <= Date.now()
    ? { code: 'TokenExpired', message: 'The time of the token is over' }
    : { code: 'AttemptExpired', message: 'The time of the attempt is over' };
}

async function submit(held: Held, emit: Emit): Promise<void> {
  const { bridge, camera, video, service, deadlines, verifyImage } = held;
  if (!camera || !video) throw new Error('Submission without a camera');
  const clientRequestId = crypto.randomUUID();
  const submission = {
    url: service.submissionUrl,
    token: service.token,
    clientRequestId,
    camera: camera.settings(video),
    verifyImage,
  };
  held.releaseCamera();
  // The worker keeps the deadline of the request; the bridge's is only for a worker that hangs.
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
  const receipt = await retrying(send, retries(held, deadlines.submit, emit));
  emit({ type: 'received', receipt, clientRequestId });
}

function retries({ deadlines, signal }: Held, deadlineMs: number, emit: Emit): RetryOptions {
  const onConnection = (isLost: boolean) => emit({ type: 'connection', isLost });
  return { deadlineMs, offlineMs: deadlines.offline, signal, onConnection };
}
