/** Everything one run holds. Two signals release it: the run's, and the camera's, which may abort earlier. */
import { resolveAssets } from '../assets.js';
import type { Camera, CameraChoice } from '../camera.js';
import { Countdown } from '../countdown.js';
import { createWorker } from '../create-worker.js';
import type { Deadlines } from '../deadlines.js';
import type { DetectorAddresses } from '../protocol/worker-api.js';
import type { ServiceClient } from '../service-client.js';
import { WorkerBridge } from '../worker-bridge.js';
import type { Sight } from '../sight.js';
import type { RunOptions } from './runner.js';

export class Held {
  readonly service: ServiceClient;
  readonly options: RunOptions;
  readonly assets: DetectorAddresses;
  bridge: WorkerBridge;
  readonly sight: Sight;
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

  constructor(options: RunOptions, service: ServiceClient, sight: Sight) {
    this.options = options;
    this.service = service;
    this.sight = sight;
    this.choice = options.camera;
    // Before the worker: if this throws, nothing would terminate it.
    this.assets = resolveAssets(options.assets);
    this.bridge = this.#startWorker();
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
    this.#pausedFor += performance.now() - (this.#pausedAt ?? performance.now());
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
