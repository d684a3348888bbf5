/** Hands the camera's pictures on, one at a time: a picture that comes while the last is still looked at is dropped. */
import type { Picture } from './protocol/worker-api.js';

/**
 * @param isWanted asked for each picture before it is taken
 * @param look takes ownership of the picture; while its promise is pending nothing more is handed on
 */
export function runFrameLoop(
  video: HTMLVideoElement,
  isWanted: () => boolean,
  /** `time` in milliseconds on the clock of `performance.now()`. */
  look: (picture: Picture, time: number) => Promise<void>,
  signal: AbortSignal,
): void {
  let busy = false;
  let takeBack: () => void;
  const onFrame = (now: number) => {
    if (signal.aborted) return;
    schedule();
    if (busy || !isWanted() || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    let picture: Picture;
    try {
      picture = takePicture(video);
    } catch {
      // This one cannot be had; perhaps the next.
      return;
    }
    busy = true;
    void look(picture, now).finally(() => (busy = false));
  };
  const schedule = () => (takeBack = onNextFrame(video, onFrame));
  signal.addEventListener('abort', () => takeBack(), { once: true });
  schedule();
}

/**
 * Firefox tells of a video's frames from 132. Before, it counts those it has painted; `currentTime` would go on while a
 * camera stands still. https://developer.mozilla.org/en-US/docs/Web/API/HTMLVideoElement/mozPaintedFrames
 *
 * @returns takes it back
 */
function onNextFrame(video: HTMLVideoElement, callback: (now: number) => void): () => void {
  if ('requestVideoFrameCallback' in HTMLVideoElement.prototype) {
    const handle = video.requestVideoFrameCallback(callback);
    return () => video.cancelVideoFrameCallback(handle);
  }
  const painted = () => (video as HTMLVideoElement & { mozPaintedFrames?: number }).mozPaintedFrames;
  const before = painted();
  const look = (now: number) => {
    if (painted() !== before) callback(now);
    else handle = requestAnimationFrame(look);
  };
  let handle = requestAnimationFrame(look);
  return () => cancelAnimationFrame(handle);
}

/**
 * A VideoFrame costs the window next to nothing. Where there is none, the pixels: an ImageBitmap would be cheaper, but
 * MediaPipe finds nothing in one in WebKit.
 */
function takePicture(video: HTMLVideoElement): Picture {
  if (typeof VideoFrame === 'function') return new VideoFrame(video);
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('No 2D context');
  context.drawImage(video, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
