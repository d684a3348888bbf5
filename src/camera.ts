/** Opens the camera, says in codes what went wrong, and gives it back on every way out. */
import { FailureError, type LivenessErrorCode } from './protocol/errors.js';
import type { CameraSettings } from './protocol/wire.js';

export interface CameraChoice {
  /** A `deviceId`; the browser chooses where it is empty or the device is gone. */
  cameraId: string;
  facingMode: 'user' | 'environment';
}

export class Camera {
  readonly stream: MediaStream;
  readonly #track: MediaStreamTrack;

  private constructor(stream: MediaStream, track: MediaStreamTrack) {
    this.stream = stream;
    this.#track = track;
  }

  /**
   * Asks for permission where it is not yet given.
   *
   * @throws FailureError with a code of the camera
   */
  static async open(choice: CameraChoice, signal: AbortSignal): Promise<Camera> {
    const stream = await requestStream(choice);
    const [track] = stream.getVideoTracks();
    // The person may have canceled while the permission prompt stood open.
    if (signal.aborted || !track) {
      stopTracks(stream);
      throw new FailureError({ code: 'UserCanceledSession', message: 'Canceled while the camera was opening' });
    }
    signal.addEventListener('abort', () => stopTracks(stream), { once: true });
    return new Camera(stream, track);
  }

  /** Calls back when the camera goes away by itself; stopping it here does not count. */
  onLost(callback: () => void, signal: AbortSignal): void {
    this.#track.addEventListener('ended', callback, { signal, once: true });
  }

  /** Shows the stream in `video` and waits for its first picture. */
  async show(video: HTMLVideoElement, deadlineMs: number, signal: AbortSignal): Promise<void> {
    video.srcObject = this.stream;
    signal.addEventListener('abort', () => (video.srcObject = null), { once: true });
    const playing = video.play().then(() => (video.videoWidth > 0 ? undefined : firstPicture(video, signal)));
    await withDeadline(playing, deadlineMs).catch((error: unknown) => {
      throw new FailureError({ code: 'CameraStartupFailure', message: `The camera shows nothing: ${String(error)}` });
    });
  }

  settings(video: HTMLVideoElement): CameraSettings {
    const { frameRate, facingMode } = this.#track.getSettings();
    return {
      width: video.videoWidth,
      height: video.videoHeight,
      ...(frameRate ? { frameRate } : {}),
      ...(facingMode ? { facingMode } : {}),
      ...(this.#track.label ? { label: this.#track.label } : {}),
    };
  }
}

async function requestStream(choice: CameraChoice): Promise<MediaStream> {
  // Missing in some web views even where the context is secure.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw failure('BrowserNotSupported', 'navigator.mediaDevices is missing');
  try {
    return await devices.getUserMedia({ audio: false, video: constraints(choice) });
  } catch (error) {
    const gone = choice.cameraId && isNamed(error, 'OverconstrainedError', 'NotFoundError');
    if (gone) return requestStream({ ...choice, cameraId: '' });
    throw failure(codeOf(error), String(error));
  }
}

/** By `ideal`, so that any camera will do; by `exact` only for a camera that was chosen. */
function constraints({ cameraId, facingMode }: CameraChoice): MediaTrackConstraints {
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
  OverconstrainedError: 'CameraUnsuitable',
};

function codeOf(error: unknown): LivenessErrorCode {
  const code = (error instanceof DOMException && CODES[error.name]) || 'CameraStartupFailure';
  return code === 'CameraPermissionDenied' && !allowedByPolicy() ? 'CameraBlockedByPolicy' : code;
}

/** A page or iframe that is denied by policy gets the same error name as one that a person refuses. */
function allowedByPolicy(): boolean {
  const { featurePolicy } = document as { featurePolicy?: { allowsFeature(name: string): boolean } };
  return featurePolicy?.allowsFeature('camera') ?? true;
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof DOMException && names.includes(error.name);
}

function failure(code: LivenessErrorCode, message: string): FailureError {
  return new FailureError({ code, message });
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function firstPicture(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    video.addEventListener('loadeddata', () => resolve(), { once: true, signal });
  });
}

async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
