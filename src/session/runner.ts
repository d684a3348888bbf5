/**
 * Does what the reducer asks for, and feeds back what came of it. Whatever a run holds hangs on one AbortController:
 * aborting it stops the camera, ends the worker and drops the requests.
 */
import { proxy, transfer } from 'comlink';
import { Camera, type CameraChoice } from '../camera.js';
import { createWorker } from '../create-worker.js';
import type { Deadlines } from '../deadlines.js';
import { runFrameLoop } from '../frame-loop.js';
import type { AssetAddresses } from '../assets.js';
import { keepCompiled, prefetched, withCompiled } from '../prefetch.js';
import { FailureError, failureOf } from '../protocol/errors.js';
import type { CapturePolicy } from '../protocol/policy.js';
import type { SessionStartResponse } from '../protocol/wire.js';
import type { Recorder } from '../recording.js';
import { ServiceClient } from '../service-client.js';
import { requirePageSupport, requireWorkerSupport } from '../support.js';
import { WorkerBridge } from '../worker-bridge.js';
import { IDLE, isRunning, reduce } from './reduce.js';
import type { Effect, SessionEvent, SessionState } from './state.js';

/** What one run is given; read once, at its start. */
export interface RunOptions {
  token: string;
  endpoint: string;
  deviceCorrelationId: string;
  camera: CameraChoice;
  assets: AssetAddresses;
  workerUrl: string;
  policy: CapturePolicy;
  deadlines: Deadlines;
  /** Where measurements and events are written down, if anywhere. */
  recorder: Recorder | null;
}

/** What the runner needs of the element. */
export interface RunnerHost {
  /** Where the camera is shown; it has to be in the document by the time the camera is open. */
  video(): Promise<HTMLVideoElement>;
  /** Width over height of the ring. */
  ringAspect(): number;
  stateChanged(state: SessionState): void;
}

type EventOf<Event> = Event extends unknown ? Omit<Event, 'run'> : never;

/** One camera and one worker per page: some systems give neither twice, and WebKit gives WebGL to one worker only. */
let pageIsTaken = false;

export class SessionRunner {
  state: SessionState = IDLE;
  readonly #host: RunnerHost;
  #run = 0;
  #held: Held | null = null;

  constructor(host: RunnerHost) {
    this.#host = host;
  }

  /** @throws FailureError `AlreadyRunning`, `InvalidToken`, `TokenExpired`, `WorkerNotLoaded`, or of the support */
  start(options: RunOptions): void {
    if (isRunning(this.state) || pageIsTaken) {
      throw new FailureError({ code: 'AlreadyRunning', message: 'A session is running in this page' });
    }
    requirePageSupport();
    const service = new ServiceClient(options.token, options.endpoint);
    this.#held = new Held(options, service);
    pageIsTaken = true;
    this.#run++;
    this.#dispatch(this.#run, { type: 'start' });
  }

  cancel(): void {
    this.#dispatch(this.#run, { type: 'canceled' });
  }

  answerPrompt(agreed: boolean): void {
    this.#dispatch(this.#run, { type: 'promptAnswered', agreed });
  }

  #dispatch(run: number, eventOfRun: EventOf<SessionEvent>): void {
    const event = { ...eventOfRun, run } as SessionEvent;
    const { state, effects } = reduce(this.state, event);
    const changed = state !== this.state;
    this.state = state;
    const held = this.#held;
    held?.options.recorder?.event(performance.now(), event);
    if (held) for (const effect of effects) this.#execute(effect, run, held);
    if (changed) this.#host.stateChanged(state);
  }

  #execute(effect: Effect, run: number, held: Held): void {
    const emit = (event: EventOf<SessionEvent>) => this.#dispatch(run, event);
    const attempt = (work: Promise<void>) => {
      work.catch((error: unknown) => emit({ type: 'failed', failure: failureOf(error) }));
    };
    switch (effect.type) {
      case 'prepare':
        attempt(
          requireWorkerSupport(held.bridge, held.deadlines.assets).then(() => {
            attempt(loadDetector(held, emit));
            // One after the other: a camera that cannot be had uses up no attempt.
            attempt(openCamera(held, emit, this.#host).then(() => startAttempt(held, emit)));
          }),
        );
        break;
      case 'guide':
        attempt(guide(held, effect.attempt, emit, this.#host));
        break;
      case 'turn':
        attempt(held.bridge.call((api) => api.beginTurns(), held.deadlines.frame).then(() => undefined));
        break;
      case 'submit':
        attempt(submit(held, emit));
        break;
      case 'deadline':
        held.setDeadline(held.deadlines[effect.of], () => emit({ type: 'timedOut' }));
        break;
      case 'endAttempt':
        held.service.endAttempt({ attemptId: effect.attemptId, reason: effect.reason });
        break;
      case 'release':
        held.release();
        this.#held = null;
        pageIsTaken = false;
        break;
    }
  }
}

type Emit = (event: EventOf<SessionEvent>) => void;

/** Everything one run holds. */
class Held {
  readonly service: ServiceClient;
  readonly options: RunOptions;
  readonly bridge: WorkerBridge;
  readonly #abort = new AbortController();
  readonly #cameraAbort = new AbortController();
  camera: Camera | null = null;
  video: HTMLVideoElement | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RunOptions, service: ServiceClient) {
    this.options = options;
    this.service = service;
    this.bridge = new WorkerBridge(createWorker(options.workerUrl), this.signal);
  }

  get deadlines(): Deadlines {
    return this.options.deadlines;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get cameraSignal(): AbortSignal {
    return this.#cameraAbort.signal;
  }

  setDeadline(milliseconds: number, callback: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(callback, milliseconds);
  }

  clearDeadline(): void {
    clearTimeout(this.#timer);
  }

  /** The frames are taken: the camera goes dark while the upload goes on. */
  releaseCamera(): void {
    this.clearDeadline();
    this.#cameraAbort.abort();
  }

  release(): void {
    this.releaseCamera();
    this.#abort.abort();
  }
}

async function loadDetector({ bridge, options: { assets }, deadlines }: Held, emit: Emit): Promise<void> {
  const onProgress = proxy((progress: number) => emit({ type: 'loading', progress }));
  await prefetched(assets, deadlines.assets);
  // The worker keeps the deadline of the fetching; the bridge's is only for a worker that hangs.
  const { compiled } = await bridge.call(
    (api) => api.load(withCompiled(assets), deadlines.assets, onProgress),
    deadlines.assets + deadlines.frame,
  );
  keepCompiled(assets, compiled);
  emit({ type: 'detectorReady' });
}

async function openCamera(held: Held, emit: Emit, host: RunnerHost): Promise<void> {
  const { options, deadlines, cameraSignal } = held;
  held.setDeadline(deadlines.permission, () =>
    emit({
      type: 'failed',
      failure: { code: 'CameraPermissionDenied', message: 'The permission prompt was not answered' },
    }),
  );
  const camera = await Camera.open(options.camera, cameraSignal);
  camera.onLost(
    () => emit({ type: 'failed', failure: { code: 'CameraDisconnected', message: 'The camera track has ended' } }),
    cameraSignal,
  );
  held.clearDeadline();
  held.camera = camera;
  held.video = await host.video();
  await camera.show(held.video, deadlines.camera, cameraSignal);
  emit({ type: 'cameraReady' });
}

async function startAttempt({ service, options, deadlines, signal }: Held, emit: Emit): Promise<void> {
  const attempt = await service.startAttempt(options.deviceCorrelationId, deadlines.sessionStart, signal);
  emit({ type: 'attemptStarted', attempt });
}

async function guide(held: Held, attempt: SessionStartResponse, emit: Emit, host: RunnerHost): Promise<void> {
  const { bridge, options, deadlines, cameraSignal, video } = held;
  if (!video) throw new Error('Guidance began without a camera');
  const plan = { attempt, policy: options.policy, ringAspect: host.ringAspect() };
  options.recorder?.begin(plan);
  await bridge.call((api) => api.begin(plan), deadlines.frame);

  const noPicture = () =>
    emit({ type: 'failed', failure: { code: 'CameraStartupFailure', message: 'The camera delivers no pictures' } });
  let silence = setTimeout(noPicture, deadlines.camera);
  cameraSignal.addEventListener('abort', () => clearTimeout(silence), { once: true });
  runFrameLoop(
    video,
    async (picture, time) => {
      clearTimeout(silence);
      try {
        const report = await bridge.call((api) => api.analyse(transferable(picture), time), deadlines.frame);
        if (cameraSignal.aborted) return;
        silence = setTimeout(noPicture, deadlines.camera);
        options.recorder?.frame(report, performance.now());
        emit({ type: 'report', report });
      } catch (error) {
        emit({ type: 'failed', failure: failureOf(error) });
      }
    },
    cameraSignal,
  );
}

async function submit(held: Held, emit: Emit): Promise<void> {
  const { bridge, camera, video, service, deadlines } = held;
  if (!camera || !video) throw new Error('Submission without a camera');
  const clientRequestId = crypto.randomUUID();
  const submission = {
    url: service.submissionUrl,
    token: service.token,
    clientRequestId,
    camera: camera.settings(video),
    deadlineMs: deadlines.submit,
  };
  held.releaseCamera();
  const onProgress = proxy((progress: number) => emit({ type: 'sending', progress }));
  // The worker keeps the deadline of the request; the bridge's is only for a worker that hangs.
  const receipt = await bridge.call((api) => api.submit(submission, onProgress), deadlines.submit + deadlines.frame);
  emit({ type: 'received', receipt, clientRequestId });
}

/** Moves the picture to the worker instead of copying it. */
function transferable<P extends VideoFrame | ImageData>(picture: P): P {
  return transfer(picture, [picture instanceof ImageData ? picture.data.buffer : picture]);
}
