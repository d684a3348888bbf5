/** Everything one run holds. Two signals release it: the run's, and the camera's, which may abort earlier. */
import { resolveAssets } from '../assets.js';
import type { Camera, CameraChoice } from '../camera.js';
import { Countdown } from '../countdown.js';
import { createWorker } from '../create-worker.js';
import type { Deadlines } from '../deadlines.js';
import type { CapturePolicy } from '../protocol/policy.js';
import type { CapturePlan, DetectorAddresses } from '../protocol/worker-api.js';
import type { Recorder } from '../recording.js';
import type { ServiceClient } from '../service-client.js';
import type { Visibility } from '../visibility.js';
import { WorkerBridge } from '../worker-bridge.js';
import type { SessionEvent, SessionState } from './state.js';

/** Options of one run; read once, at its start. */
export interface RunOptions {
  token: string;
  endpoint: string;
  deviceCorrelationId: string;
  verifyImage: Blob | null;
  camera: CameraChoice;
  /** How the camera picture is shown: width over height of the ring, and rotation of the picture. */
  view: Pick<CapturePlan, 'ringAspect' | 'rotation'>;
  /** This and the next three come from the element's properties of the same names. */
  assets: string;
  workerUrl: string;
  policy: CapturePolicy;
  deadlines: Deadlines;
  /** Records measurements and events; null if nothing is recorded. */
  recorder: Recorder | null;
}

/** What the runner needs from the element. */
export interface RunnerHost {
  readonly visibility: Visibility;
  /** The `<video>` that shows the camera; it has to be in the document by the time the camera is open. */
  video(): Promise<HTMLVideoElement>;
  /** Cancels the run if the element is outside the document, or in one that no window shows. */
  cancelOutside(): void;
  stateChanged(state: SessionState): void;
}

export type EventOf<Event> = Event extends unknown ? Omit<Event, 'run'> : never;

/** Dispatches an event of this run. */
export type Emit = (event: EventOf<SessionEvent>) => void;

export class RunResources {
  readonly options: RunOptions;
  readonly service: ServiceClient;
  readonly host: RunnerHost;
  readonly emit: Emit;
  readonly assets: DetectorAddresses;
  bridge: WorkerBridge;
  /** Time limit of the current state. */
  readonly deadline = new Countdown();
  /** Time limit for the next frame. */
  readonly silence = new Countdown();
  /** The service's time limit for the attempt; it is never paused. */
  readonly attemptTime = new Countdown();
  camera: Camera | null = null;
  video: HTMLVideoElement | null = null;
  /** Which camera is wanted now. */
  choice: CameraChoice;
  /** The verify image, read into memory when the run began. */
  verifyImage: Blob | null = null;
  /** How often a camera was lost without being released. */
  losses = 0;
  readonly #abort = new AbortController();
  readonly #away = new Countdown();
  #cameraAbort = new AbortController();
  #pausedAt: number | null = null;
  #pausedFor = 0;

  constructor(options: RunOptions, service: ServiceClient, host: RunnerHost, emit: Emit) {
    this.options = options;
    this.service = service;
    this.host = host;
    this.emit = emit;
    this.choice = options.camera;
    // Before the worker is started: if this threw afterwards, nothing would terminate the worker.
    this.assets = resolveAssets(options.assets);
    this.bridge = this.#startWorker();
  }

  get deadlines(): Deadlines {
    return this.options.deadlines;
  }

  get visibility(): Visibility {
    return this.host.visibility;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get cameraSignal(): AbortSignal {
    return this.#cameraAbort.signal;
  }

  get isPaused(): boolean {
    return this.#pausedAt !== null;
  }

  /** Milliseconds on the clock of `performance.now()`, less the time for which the run was paused. */
  clock(time = performance.now()): number {
    return (this.#pausedAt ?? time) - this.#pausedFor;
  }

  /** @param onTooLong called when the pause exceeds `deadlines.hidden` */
  pause(onTooLong: () => void): void {
    this.#pausedAt = performance.now();
    this.deadline.pause();
    this.silence.pause();
    this.#away.start(this.deadlines.hidden, onTooLong);
  }

  resume(): void {
    if (this.#pausedAt !== null) this.#pausedFor += performance.now() - this.#pausedAt;
    this.#pausedAt = null;
    this.#away.clear();
    this.deadline.resume();
    this.silence.resume();
  }

  /** Starts a new worker in place of one that has ended. */
  renewWorker(): void {
    this.bridge = this.#startWorker();
  }

  /** Releases the current camera. @returns the signal for the next one */
  renewCamera(): AbortSignal {
    this.silence.clear();
    // Opening the next camera has deadlines of its own.
    this.deadline.clear();
    this.#cameraAbort.abort();
    this.#cameraAbort = new AbortController();
    if (this.signal.aborted) this.#cameraAbort.abort();
    return this.cameraSignal;
  }

  /** The frames are captured: turns the camera off while the upload continues. */
  releaseCamera(): void {
    for (const countdown of [this.deadline, this.silence, this.attemptTime, this.#away]) countdown.clear();
    this.#cameraAbort.abort();
  }

  release(): void {
    this.#abort.abort();
    this.releaseCamera();
  }

  #startWorker(): WorkerBridge {
    return new WorkerBridge(createWorker(this.options.workerUrl), this.signal);
  }
}
