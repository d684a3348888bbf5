/**
 * Passes the camera's frames on, one at a time: a frame that arrives while the previous one is being processed is
 * dropped.
 */
import type { Picture } from './protocol/worker-api.js';

/**
 * @param isWanted called for each frame before it is taken
 * @param look takes ownership of the picture, which was shown at `time` (milliseconds on the clock of
 * `performance.now()`); gets no other picture while its promise is pending
 */
export function runFrameLoop(
  video: HTMLVideoElement,
  isWanted: () => boolean,
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
      // This frame cannot be read; the next one may be.
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
 * Calls `callback` once, for the next frame. Firefox has `requestVideoFrameCallback` only from 132; in older versions,
 * this polls the count of painted frames, because `currentTime` advances even while a camera delivers nothing.
 * https://developer.mozilla.org/en-US/docs/Web/API/HTMLVideoElement/mozPaintedFrames
 *
 * @returns a function that cancels the callback
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
 * A VideoFrame costs the window next to nothing. Without VideoFrame, takes the pixels: an ImageBitmap would be cheaper,
 * but in WebKit MediaPipe detects nothing in one.
 */
function takePicture(video: HTMLVideoElement): Picture {
  if (typeof VideoFrame === 'function') return new VideoFrame(video);
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('No 2D context');
  context.drawImage(video, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
