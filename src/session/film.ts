/** The part of a run that has a camera: opening it, another in its place, and its pictures' way to the worker. */
import { transfer } from 'comlink';
import { forgetCamera } from '../camera-choice.js';
import { Camera, otherCameras } from '../camera.js';
import { runFrameLoop } from '../frame-loop.js';
import { FailureError, failureOf } from '../protocol/errors.js';
import type { SessionStartResponse } from '../protocol/wire.js';
import type { Picture } from '../protocol/worker-api.js';
import type { Held } from './held.js';
import type { Emit, RunnerHost } from './runner.js';

/** A camera that goes away this often does not come back to stay. */
const MOST_LOSSES = 3;

/**
 * Gives back the camera there is, and opens the chosen one. Where that was itself given back meanwhile, nothing more is
 * heard of it.
 *
 * @throws FailureError with a code of the camera
 */
export async function openCamera(held: Held, emit: Emit, host: RunnerHost): Promise<void> {
  const { deadlines, choice, sight } = held;
  const signal = held.renewCamera();
  let camera: Camera | undefined;
  try {
    held.video = await host.video();
    const opened = Camera.open(choice, signal);
    // Browsers keep the prompt of a tab in the background back.
    camera = await sight.within(deadlines.permission, deadlines.hidden, opened).catch(unanswered);
    await camera.show(held.video, sight, deadlines, signal);
  } catch (error) {
    // It may be in order: nobody saw it.
    if (failureOf(error).code === 'PageHidden') throw error;
    // Nobody insists on it: the next best in its place, and no other after that.
    const { facingMode } = choice;
    const [other] = camera && !choice.cameraId ? await otherCameras(camera.deviceId, facingMode, deadlines.camera) : [];
    if (signal.aborted) return;
    // It would be the first again the next time, with nothing to choose another by.
    if (camera) forgetCamera(camera.deviceId, facingMode);
    // The person or the page may have chosen meanwhile.
    if (held.choice === choice) {
      if (!other) throw error;
      held.choice = { ...choice, cameraId: other };
    }
    return openCamera(held, emit, host);
  }
  if (signal.aborted) return;
  held.camera = camera;
  // The person was still being asked for this one.
  if (held.choice !== choice) return reopenCamera(held, emit, host);
  // The chosen one may be gone, and this one in its place.
  if (choice.cameraId) held.choice = { ...choice, cameraId: camera.deviceId };
  camera.onLost(() => void cameraLost(held, emit), signal);
  emit({ type: 'cameraReady' });
}

/** Only time that ran out is a person who did not answer. */
function unanswered(error: unknown): never {
  if (!(error instanceof DOMException && error.name === 'TimeoutError')) throw error;
  throw new FailureError({ code: 'CameraPermissionDenied', message: 'The permission prompt was not answered' });
}

/** In place of a camera that is lost or not wanted; where it cannot be had, the last one again. */
export async function reopenCamera(held: Held, emit: Emit, host: RunnerHost): Promise<void> {
  try {
    await openCamera(held, emit, host);
  } catch (error) {
    const { code, message } = failureOf(error);
    // It may be in order, and nobody would see another either.
    if (code === 'PageHidden') throw error;
    const last = held.camera?.deviceId;
    if (last && last !== held.choice.cameraId) {
      held.choice = { ...held.choice, cameraId: last };
      return reopenCamera(held, emit, host);
    }
    // There was one.
    throw code === 'CameraNotFound' ? new FailureError({ code: 'CameraDisconnected', message }) : error;
  }
}

/** It may be unplugged, taken, or forbidden; which of these shows in whether there is another. */
async function cameraLost(held: Held, emit: Emit): Promise<void> {
  const { cameraSignal, camera } = held;
  const isForbidden = await camera?.isForbidden();
  // There is another already, or it is looked at again when the page is back.
  if (cameraSignal.aborted || held.isPaused) return;
  if (isForbidden) {
    emit({ type: 'failed', failure: { code: 'CameraPermissionRevoked', message: 'The permission was withdrawn' } });
  } else if (++held.losses > MOST_LOSSES) {
    emit({ type: 'failed', failure: { code: 'CameraDisconnected', message: 'The camera ends again and again' } });
  } else {
    emit({ type: 'cameraLost' });
  }
}

/** From the camera's pictures to guidance, until the camera is given back. */
export async function guide(held: Held, attempt: SessionStartResponse, emit: Emit): Promise<void> {
  const { bridge, options, deadlines, cameraSignal, video, silence, sight } = held;
  if (!video) throw new Error('Guidance began without a camera');
  const plan = { attempt, policy: options.policy, ...options.view };
  options.recorder?.begin(plan);
  await bridge.call((api) => api.begin(plan), deadlines.frame);
  if (cameraSignal.aborted) return;

  const noPicture = () =>
    emit({ type: 'failed', failure: { code: 'CameraInterrupted', message: 'The camera delivers no more pictures' } });
  silence.start(deadlines.camera, noPicture);
  const look = async (picture: Picture, time: number) => {
    silence.clear();
    try {
      const at = held.clock(time);
      const report = await bridge.call((api) => api.analyse(transferable(picture), at), deadlines.frame);
      if (cameraSignal.aborted) return;
      silence.start(deadlines.camera, noPicture);
      options.recorder?.frame(report, held.clock());
      emit({ type: 'report', report });
    } catch (error) {
      // It stayed here where the worker had ended before.
      if (!(picture instanceof ImageData)) picture.close();
      if (!cameraSignal.aborted) emit({ type: 'failed', failure: failureOf(error) });
    }
  };
  // Some systems end the preview while the page is hidden, and until here nobody looked.
  void video.play().catch(() => undefined);
  // Asked for each: browsers tell of what is hidden after the next picture, and of details closed out of view not at all.
  const isWanted = () => !sight.look() && !held.isPaused;
  runFrameLoop(video, isWanted, look, cameraSignal);
  if (sight.look()) emit({ type: 'page', isHidden: true });
}

/** After the page was hidden: some systems end the camera meanwhile, some only its preview. */
export function resumeCamera(held: Held, emit: Emit): void {
  if (held.camera?.isLost) void cameraLost(held, emit);
  else void held.video?.play().catch(() => undefined);
}

/** Moves the picture to the worker instead of copying it. */
function transferable<P extends Picture>(picture: P): P {
  return transfer(picture, [picture instanceof ImageData ? picture.data.buffer : picture]);
}
