/** Opens the camera, says in codes what went wrong, and gives it back on every way out. */
import { isDoubtful, rankCameras, rememberedCamera, type CameraInfo, type FacingMode } from './camera-choice.js';
import { DEFAULT_DEADLINES, type Deadlines } from './deadlines.js';
import { FailureError, failureOf, type LivenessErrorCode } from './protocol/errors.js';
import type { CameraSettings } from './protocol/wire.js';
import type { Sight } from './sight.js';
import { within } from './wait.js';

export interface CameraChoice {
  /** A `deviceId`; the one the person chose before where it is empty. Else a real one that faces the right way. */
  cameraId: string;
  facingMode: FacingMode;
}

export class Camera {
  readonly stream: MediaStream;
  /** Read once: in Firefox a track that has ended knows it no more. */
  readonly deviceId: string;
  readonly #track: MediaStreamTrack;
  readonly #signal: AbortSignal;
  /** As it was when the camera opened. */
  readonly #permission = permissionState();

  private constructor(stream: MediaStream, track: MediaStreamTrack, signal: AbortSignal) {
    this.stream = stream;
    this.deviceId = track.getSettings().deviceId ?? '';
    this.#track = track;
    this.#signal = signal;
  }

  /**
   * Asks for permission where it is not yet given.
   *
   * @param signal gives the camera back, also one that comes late
   * @throws FailureError with a code of the camera
   */
  static async open(choice: CameraChoice, signal: AbortSignal): Promise<Camera> {
    const { cameraId, facingMode } = choice;
    const wanted = cameraId || rememberedCamera(facingMode);
    const camera = await Camera.#request(wanted, facingMode, signal).catch((error: unknown) => {
      if (cameraId) throw error;
      return Camera.#another(wanted, facingMode, signal, error);
    });
    const better = camera.deviceId === wanted ? null : await camera.#better(facingMode);
    if (!better) return camera;
    // Some systems give one camera at a time, and stop the first when asked for a second.
    stopTracks(camera.stream);
    const retreat = () => Camera.#request(camera.deviceId, facingMode, signal);
    return Camera.#request(better.deviceId, facingMode, signal).catch(retreat);
  }

  /** In place of one that nobody insists on. @throws `error` where there is none */
  static async #another(failed: string, facingMode: FacingMode, signal: AbortSignal, error: unknown): Promise<Camera> {
    if (!canAnotherHelp(failureOf(error).code)) throw error;
    const known = await otherCameras(failed, facingMode);
    // The browser's default first, unless that is what failed.
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
    // The person may have canceled while the permission prompt stood open.
    if (signal.aborted || !track) {
      stopTracks(stream);
      throw canceled();
    }
    signal.addEventListener('abort', () => stopTracks(stream), { once: true });
    return new Camera(stream, track, signal);
  }

  /** Some browsers allow a camera and still say that they would ask: only what changed since counts. */
  async isForbidden(): Promise<boolean> {
    const state = await permissionState();
    return state === 'denied' || (state === 'prompt' && (await this.#permission) === 'granted');
  }

  /** Giving it back does not count. */
  get isLost(): boolean {
    return this.#track.readyState === 'ended' && !this.#signal.aborted;
  }

  /** Calls back when the camera goes away by itself; stopping it here does not count. */
  onLost(callback: () => void, signal: AbortSignal): void {
    this.#track.addEventListener('ended', callback, { signal, once: true });
  }

  /** Shows the stream in `video` and waits for its first picture. @throws FailureError `CameraStartupFailure`, `PageHidden` */
  async show(video: HTMLVideoElement, sight: Sight, { camera, hidden }: Deadlines, signal: AbortSignal): Promise<void> {
    video.srcObject = this.stream;
    signal.addEventListener('abort', () => (video.srcObject = null), { once: true });
    const playing = video.play().then(() => (video.videoWidth > 0 ? undefined : firstPicture(video, signal)));
    await sight.within(camera, hidden, Promise.race([playing, this.#ending(signal)])).catch((error: unknown) => {
      if (error instanceof FailureError) throw error;
      throw failure('CameraStartupFailure', `The camera shows nothing: ${String(error)}`);
    });
  }

  /** Rejects when the camera goes away by itself. */
  #ending(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const ended = () => reject(new Error('It ended'));
      if (this.isLost) ended();
      this.onLost(ended, signal);
    });
  }

  settings(video: HTMLVideoElement): CameraSettings {
    const { frameRate, facingMode } = this.#track.getSettings();
    return {
      width: video.videoWidth,
      height: video.videoHeight,
      ...(frameRate ? { frameRate } : {}),
      ...(facingMode ? { facingMode } : {}),
      // As much of it as the service takes.
      ...(this.#track.label ? { label: this.#track.label.slice(0, 256) } : {}),
    };
  }

  /** The browser takes its default; where that is none a person would choose, another may be there. */
  async #better(facingMode: FacingMode): Promise<CameraInfo | null> {
    const own = { deviceId: this.deviceId, label: this.#track.label };
    if (!isDoubtful(own, facingMode)) return null;
    const [best] = rankCameras(await knownCameras(), facingMode);
    return best && best.deviceId !== own.deviceId && !isDoubtful(best, facingMode) ? best : null;
  }
}

/** Never rejects: where the browser does not tell, there are none. */
export async function listCameras(): Promise<CameraInfo[]> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  const devices = await mediaDevices?.enumerateDevices().catch(() => []);
  return (devices ?? [])
    .filter(({ kind }) => kind === 'videoinput')
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

/** None where the browser does not tell in time: Firefox waits for its window to have the focus, and a camera may be on. */
function knownCameras(deadlineMs = DEFAULT_DEADLINES.camera): Promise<CameraInfo[]> {
  return within(deadlineMs, listCameras()).catch(() => []);
}

/** @returns ids of those that a person could have chosen in place of the one that failed, better ones first */
export async function otherCameras(failed: string, facingMode: FacingMode, deadlineMs?: number): Promise<string[]> {
  const others = rankCameras(await knownCameras(deadlineMs), facingMode).filter(
    (other) => !isDoubtful(other, facingMode),
  );
  return others.map(({ deviceId }) => deviceId).filter((id) => id && id !== failed);
}

/** Chromium alone tells; elsewhere a policy that forbids shows as a refusal when the camera is asked for. */
export function cameraAllowedByPolicy(): boolean {
  const { featurePolicy } = document as { featurePolicy?: { allowsFeature(name: string): boolean } };
  return featurePolicy?.allowsFeature('camera') ?? true;
}

/** Null where the browser does not tell. */
async function permissionState(): Promise<PermissionState | null> {
  try {
    return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state;
  } catch {
    return null;
  }
}

/** @param cameraId empty: any that faces this way */
async function requestStream(cameraId: string, facingMode: FacingMode): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: constraints(cameraId, facingMode) });
  } catch (error) {
    const isGone = cameraId && isNamed(error, 'OverconstrainedError', 'NotFoundError');
    if (isGone) return requestStream('', facingMode);
    throw failure(codeOf(error), messageOf(error));
  }
}

/** By `ideal`, so that any camera will do; by `exact` only for a camera that was chosen. */
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

function codeOf(error: unknown): LivenessErrorCode {
  const code = CODES[nameOf(error)] ?? 'CameraStartupFailure';
  // A page or iframe that is denied by policy gets the same error name as one that a person refuses.
  return code === 'CameraPermissionDenied' && !cameraAllowedByPolicy() ? 'CameraBlockedByPolicy' : code;
}

function messageOf(error: unknown): string {
  const isFramed = isNamed(error, 'NotAllowedError') && window.top !== window;
  return isFramed ? `${String(error)} (in a frame: does it have allow="camera"?)` : String(error);
}

function canAnotherHelp(code: LivenessErrorCode): boolean {
  return code === 'CameraInUse' || code === 'CameraStartupFailure';
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return names.includes(nameOf(error));
}

/** In Safari an `OverconstrainedError` was no DOMException: https://github.com/WebKit/WebKit/pull/68111 */
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

/** Ends with `signal` too: a wait that goes on would hold the video. */
function firstPicture(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    video.addEventListener('loadeddata', () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
