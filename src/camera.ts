/** Opens the camera, maps its errors to error codes, and releases it on every path. */
import {
  forgetCamera,
  isDoubtful,
  rankCameras,
  rememberedCamera,
  type CameraInfo,
  type FacingMode,
} from './camera-choice.js';
import type { Deadlines } from './deadlines.js';
import type { LivenessErrorCode } from './protocol/errors.js';
import { FailureError, failureOf } from './protocol/failure.js';
import { MIN_FRAME_SIDE, type CameraSettings } from './protocol/wire.js';
import type { Visibility } from './visibility.js';
import { within } from './wait.js';

export interface CameraChoice {
  /** A `deviceId`; if empty, the one the person chose before, else a physical camera that faces the right way. */
  cameraId: string;
  facingMode: FacingMode;
}

export class Camera {
  /** Read when the camera opens: in Firefox, an ended track no longer reports it. */
  readonly deviceId: string;
  readonly #stream: MediaStream;
  readonly #track: MediaStreamTrack;
  readonly #signal: AbortSignal;
  /** The permission's state when the camera opened. */
  readonly #permission = permissionState();

  private constructor(stream: MediaStream, track: MediaStreamTrack, deviceId: string, signal: AbortSignal) {
    this.#stream = stream;
    this.deviceId = deviceId;
    this.#track = track;
    this.#signal = signal;
  }

  /**
   * Opens a camera, asking for permission if it was not given yet.
   *
   * @param listMs milliseconds to wait for the list of other cameras, if it is needed
   * @param signal releases the camera, even one that opens after the abort
   * @throws FailureError with a camera error code
   */
  static async open(choice: CameraChoice, listMs: number, signal: AbortSignal): Promise<Camera> {
    const { cameraId, facingMode } = choice;
    const wanted = cameraId || rememberedCamera(facingMode);
    const camera = await Camera.#request(wanted, facingMode, signal).catch((error: unknown) => {
      if (cameraId) throw error;
      return Camera.#another(wanted, facingMode, listMs, signal, error);
    });
    if (camera.deviceId === wanted || !isDoubtful(camera.#track, facingMode)) return camera;
    const [better] = await otherCameras(camera.deviceId, facingMode, listMs);
    if (!better) return camera;
    // Some systems can open only one camera at a time, and stop the first when a second is requested.
    stopTracks(camera.#stream);
    const retreat = () => Camera.#request(camera.deviceId, facingMode, signal);
    return Camera.#request(better, facingMode, signal).catch(retreat);
  }

  /**
   * Opens another camera after `failed` (empty: the browser's default) could not be opened.
   *
   * @throws `error` if no other camera can be opened
   */
  static async #another(
    failed: string,
    facingMode: FacingMode,
    listMs: number,
    signal: AbortSignal,
    error: unknown,
  ): Promise<Camera> {
    if (!canAnotherHelp(failureOf(error).code)) throw error;
    const known = await otherCameras(failed, facingMode, listMs);
    // The browser's default (an empty id) first, unless that is what failed.
    for (const id of failed ? ['', ...known] : known) {
      const camera = await Camera.#request(id, facingMode, signal).catch((next: unknown) => {
        if (!canAnotherHelp(failureOf(next).code)) throw next;
        return null;
      });
      if (camera) return camera;
    }
    throw error;
  }

  static async #request(cameraId: string, facingMode: FacingMode, signal: AbortSignal): Promise<Camera> {
    if (signal.aborted) throw canceled();
    const stream = await requestStream(cameraId, facingMode);
    const [track] = stream.getVideoTracks();
    // The person may have canceled while the permission prompt was open.
    if (signal.aborted || !track) {
      stopTracks(stream);
      throw signal.aborted ? canceled() : failure('CameraStartupFailure', 'The stream has no video track');
    }
    signal.addEventListener('abort', () => stopTracks(stream), { once: true });
    const { deviceId = '', width, height } = track.getSettings();
    // A size of 0, or none at all, means that the browser does not know it yet.
    if (width && height && Math.min(width, height) < MIN_FRAME_SIDE) {
      stopTracks(stream);
      // If it stayed remembered, every run would open it first and fail.
      forgetCamera(deviceId, facingMode);
      throw failure(
        'CameraStartupFailure',
        `The camera’s pictures have ${width} × ${height} pixels: each side needs at least ${MIN_FRAME_SIDE}`,
      );
    }
    return new Camera(stream, track, deviceId, signal);
  }

  /**
   * Whether the permission was withdrawn. Some browsers report `prompt` even for an allowed camera, so `prompt` counts
   * only if the state was `granted` before.
   */
  async isForbidden(): Promise<boolean> {
    const state = await permissionState();
    return state === 'denied' || (state === 'prompt' && (await this.#permission) === 'granted');
  }

  /** Whether the camera ended by itself; releasing it does not count. */
  get isLost(): boolean {
    return this.#track.readyState === 'ended' && !this.#signal.aborted;
  }

  /** Calls `callback` when the camera ends by itself, but not when it is released. */
  onLost(callback: () => void): void {
    this.#track.addEventListener('ended', callback, { signal: this.#signal, once: true });
  }

  /** Shows the stream in `video` and waits for its first picture. @throws FailureError `CameraStartupFailure`, `PageHidden` */
  async show(video: HTMLVideoElement, visibility: Visibility, { camera, hidden }: Deadlines): Promise<void> {
    const signal = this.#signal;
    video.srcObject = this.#stream;
    signal.addEventListener('abort', () => (video.srcObject = null), { once: true });
    const playing = video.play().then(() => (video.videoWidth > 0 ? undefined : firstPicture(video, signal)));
    await visibility.within(camera, hidden, Promise.race([playing, this.#ending()])).catch((error: unknown) => {
      if (error instanceof FailureError) throw error;
      throw failure('CameraStartupFailure', `The camera delivered no picture: ${String(error)}`);
    });
  }

  /** Rejects when the camera ends by itself. */
  #ending(): Promise<never> {
    return new Promise((_, reject) => {
      const ended = () => reject(new Error('The stream ended'));
      if (this.isLost) ended();
      this.onLost(ended);
    });
  }

  settings(video: HTMLVideoElement): CameraSettings {
    const { frameRate, facingMode } = this.#track.getSettings();
    return {
      width: video.videoWidth,
      height: video.videoHeight,
      ...(frameRate ? { frameRate } : {}),
      ...(facingMode ? { facingMode } : {}),
      // The service accepts at most 256 characters.
      ...(this.#track.label ? { label: this.#track.label.slice(0, 256) } : {}),
    };
  }
}

/** Never rejects; the list is empty if the browser does not provide it. */
export async function listCameras(): Promise<CameraInfo[]> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  const devices = await mediaDevices?.enumerateDevices().catch(() => []);
  return (devices ?? [])
    .filter(({ kind }) => kind === 'videoinput')
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

/**
 * @returns ids of the cameras that may replace `cameraId`, better ones first; empty if the browser does not list the
 * cameras in time
 */
export async function otherCameras(cameraId: string, facingMode: FacingMode, listMs: number): Promise<string[]> {
  // Firefox does not answer until its window has the focus, and a camera may be on during the wait.
  const known = await within(listMs, listCameras()).catch(() => []);
  const others = rankCameras(known, facingMode).filter((other) => !isDoubtful(other, facingMode));
  return others.map(({ deviceId }) => deviceId).filter((id) => id && id !== cameraId);
}

/** Null if the browser does not report it. */
async function permissionState(): Promise<PermissionState | null> {
  try {
    return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state;
  } catch {
    return null;
  }
}

/** @param cameraId if empty, any camera, preferably one that faces `facingMode` */
async function requestStream(cameraId: string, facingMode: FacingMode): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: constraints(cameraId, facingMode) });
  } catch (error) {
    const isGone = cameraId && isNamed(error, 'OverconstrainedError', 'NotFoundError');
    if (isGone) return requestStream('', facingMode);
    throw failure(CODES[nameOf(error)] ?? 'CameraStartupFailure', messageOf(error));
  }
}

/** `ideal`, so that any camera will do; `exact` only for a camera that was chosen. */
function constraints(cameraId: string, facingMode: FacingMode): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
    ...(cameraId ? { deviceId: { exact: cameraId } } : { facingMode: { ideal: facingMode } }),
  };
}

const CODES: Record<string, LivenessErrorCode> = {
  NotAllowedError: 'CameraPermissionDenied',
  SecurityError: 'CameraBlockedByPolicy',
  NotFoundError: 'CameraNotFound',
  NotReadableError: 'CameraInUse',
  AbortError: 'CameraInUse',
  OverconstrainedError: 'CameraNotFound',
};

function messageOf(error: unknown): string {
  const isFramed = isNamed(error, 'NotAllowedError') && window.top !== window;
  return isFramed ? `${String(error)} (the page is in a frame: does the frame have allow="camera"?)` : String(error);
}

function canAnotherHelp(code: LivenessErrorCode): boolean {
  return code === 'CameraInUse' || code === 'CameraStartupFailure';
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return names.includes(nameOf(error));
}

/**
 * Does not require a DOMException, because in older versions of Safari an `OverconstrainedError` is not one:
 * https://github.com/WebKit/WebKit/pull/68111
 */
function nameOf(error: unknown): string {
  return error instanceof Object && 'name' in error ? String(error.name) : '';
}

function failure(code: LivenessErrorCode, message: string): FailureError {
  return new FailureError({ code, message });
}

function canceled(): FailureError {
  return failure('UserCanceledSession', 'Canceled while the camera was opening');
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Also resolves when `signal` aborts: a pending promise would keep the video in memory. */
function firstPicture(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    video.addEventListener('loadeddata', () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
