/** The camera part of a run: opens the camera, replaces it, and passes its frames to the worker. */
import { transfer } from 'comlink';
import { forgetCamera } from '../camera-choice.js';
import { Camera, otherCameras, type CameraChoice } from '../camera.js';
import { DEFAULT_DEADLINES } from '../deadlines.js';
import { runFrameLoop } from '../frame-loop.js';
import { FailureError, failureOf } from '../protocol/failure.js';
import type { SessionStartResponse } from '../protocol/wire.js';
import type { Picture } from '../protocol/worker-api.js';
import type { RunResources } from './run-resources.js';

/** How often the camera may be lost. After that it is unlikely to stay, so the session fails. */
const MOST_LOSSES = 3;

/**
 * Releases the current camera and opens the chosen one, or one that takes its place. If the new camera is itself released
 * while it opens, no `cameraReady` is emitted for it.
 *
 * @throws FailureError with a camera error code
 */
export async function openCamera(resources: RunResources): Promise<void> {
  const { deadlines, visibility, host, emit } = resources;
  // Limited, because a page may raise `deadlines.camera`: the wait for the list must not use up `deadlines.permission`.
  const listMs = Math.min(deadlines.camera, DEFAULT_DEADLINES.camera);
  for (;;) {
    const { choice } = resources;
    const signal = resources.renewCamera();
    let camera: Camera | undefined;
    try {
      resources.video = await host.video();
      const opened = Camera.open(choice, listMs, signal);
      // Browsers hold back the permission prompt while the tab is in the background: only visible time counts.
      camera = await visibility.within(deadlines.permission, deadlines.hidden, opened).catch(unanswered);
      // The video may already show its successor.
      if (signal.aborted) return;
      await camera.show(resources.video, visibility, deadlines);
    } catch (error) {
      // The camera itself may be fine, and no other would deliver a picture to a hidden element either.
      if (failureOf(error).code === 'PageHidden') throw error;
      const next = await nextAfter(camera, choice, resources);
      if (signal.aborted) return;
      // If it stayed remembered, every run would open it first and fail before the person could pick another.
      if (camera) forgetCamera(camera.deviceId, choice.facingMode);
      // If the choice has changed meanwhile, by the person or the page, open that camera instead.
      if (resources.choice !== choice) continue;
      if (!next) throw asDisconnected(error, resources);
      resources.choice = { ...choice, cameraId: next };
      continue;
    }
    if (signal.aborted) return;
    resources.camera = camera;
    // Another camera was chosen while this one was opening.
    if (resources.choice !== choice) continue;
    // If the chosen camera is gone, another was opened in its place: that is the choice now.
    if (choice.cameraId) resources.choice = { ...choice, cameraId: camera.deviceId };
    camera.onLost(() => void cameraLost(resources));
    emit({ type: 'cameraReady' });
    return;
  }
}

/**
 * @param failed the camera that opened but showed nothing
 * @returns the camera to try next: the next best if no particular one was asked for, else the one that was open before,
 *   unless it was just tried; null if there is none. It becomes the chosen one, so only one next best is tried
 */
async function nextAfter(
  failed: Camera | undefined,
  { cameraId, facingMode }: CameraChoice,
  { camera, deadlines }: RunResources,
): Promise<string | null> {
  const [other] = failed && !cameraId ? await otherCameras(failed.deviceId, facingMode, deadlines.camera) : [];
  const last = camera?.deviceId;
  return other ?? (last && last !== cameraId ? last : null);
}

/** If a camera was open before and now there is none, it was disconnected. */
function asDisconnected(error: unknown, { camera }: RunResources): unknown {
  const { code, message } = failureOf(error);
  return camera && code === 'CameraNotFound' ? new FailureError({ code: 'CameraDisconnected', message }) : error;
}

/** Reports a time-out as a prompt that nobody answered; rethrows any other error. */
function unanswered(error: unknown): never {
  if (!(error instanceof DOMException && error.name === 'TimeoutError')) throw error;
  throw new FailureError({ code: 'CameraPermissionDenied', message: 'Nobody answered the permission prompt in time' });
}

/**
 * The camera was unplugged, taken by another program, or forbidden. Only the last is checked here: reopening the camera
 * tells the other two apart.
 */
async function cameraLost(resources: RunResources): Promise<void> {
  const { cameraSignal, camera, emit } = resources;
  const isForbidden = await camera?.isForbidden();
  // Another camera is being opened already, or the run is paused and `resumeCamera()` will check again.
  if (cameraSignal.aborted || resources.isPaused) return;
  if (isForbidden) {
    emit({
      type: 'failed',
      failure: { code: 'CameraPermissionRevoked', message: 'The permission for the camera was withdrawn' },
    });
  } else if (++resources.losses > MOST_LOSSES) {
    emit({ type: 'failed', failure: { code: 'CameraDisconnected', message: 'The camera stopped again and again' } });
  } else {
    emit({ type: 'cameraLost' });
  }
}

/** Sends the camera's frames to the worker and emits its reports, until the camera is released. */
export async function guide(resources: RunResources, attempt: SessionStartResponse): Promise<void> {
  const { bridge, options, deadlines, cameraSignal, video, silence, visibility, emit } = resources;
  if (!video) throw new Error('Guidance began without a camera');
  const plan = { attempt, policy: options.policy, ...options.view };
  options.recorder?.begin(plan);
  await bridge.call((api) => api.begin(plan), deadlines.frame);
  if (cameraSignal.aborted) return;

  awaitPicture(resources);
  const look = async (picture: Picture, time: number) => {
    silence.clear();
    try {
      const at = resources.clock(time);
      const report = await bridge.call((api) => api.analyse(transferable(picture), at), deadlines.frame);
      if (cameraSignal.aborted) return;
      awaitPicture(resources);
      options.recorder?.frame(report, resources.clock());
      emit({ type: 'report', report });
    } catch (error) {
      // If the worker had already ended, the frame was never transferred and is still owned here.
      if (!(picture instanceof ImageData)) picture.close();
      if (!cameraSignal.aborted) emit({ type: 'failed', failure: failureOf(error) });
    }
  };
  // Some systems stop the preview while the page is hidden, and nothing has resumed it so far.
  void video.play().catch(() => undefined);
  // Checked for every frame: browsers report a hidden element only after the next frame, and a `<details>` that closes
  // off-screen not at all.
  runFrameLoop(video, () => !visibility.checkHidden(), look, cameraSignal);
  if (visibility.checkHidden()) emit({ type: 'page', isHidden: true });
}

/**
 * Reports a camera that delivers no pictures, which only the window can notice. The worker notices pictures that stay
 * the same.
 */
function awaitPicture({ silence, options, deadlines, emit }: RunResources): void {
  // In two halves: when a suspended device wakes up, an overdue timer fires before the next picture is taken.
  const silentFor = (ms: number, then: () => void) => silence.start(ms / 2, () => silence.start(ms / 2, then));
  const stallMs = Math.min(options.policy.stallMs, deadlines.camera);
  const noPicture = () =>
    emit({ type: 'failed', failure: { code: 'CameraInterrupted', message: 'The camera no longer delivers pictures' } });
  silentFor(stallMs, () => {
    silentFor(deadlines.camera - stallMs, noPicture);
    emit({ type: 'cameraStalled' });
  });
}

/**
 * Called when the page is visible again: some systems end the camera of a hidden page, others only stop its preview.
 */
export function resumeCamera(resources: RunResources): void {
  if (resources.camera?.isLost) void cameraLost(resources);
  else void resources.video?.play().catch(() => undefined);
}

/** Moves the picture to the worker instead of copying it. */
function transferable(picture: Picture): Picture {
  return transfer(picture, [picture instanceof ImageData ? picture.data.buffer : picture]);
}
