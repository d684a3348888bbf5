/**
 * Everything that handles pixels or bytes. Nothing here knows of the page: pictures come in, guidance goes out, and
 * frames leave only through `submit`.
 */
import { expose } from 'comlink';
import { FailureError, type Outcome } from '../src/protocol/failure.js';
import type { LivenessWorker } from '../src/protocol/worker-api.js';
import { receiveCompiled } from './compiled.js';
import { Capture } from './capture/capture.js';
import { loadDetector, prefetchDetector, type Detector } from './detector.js';
import { findFeatures } from './features.js';

// First of all, and synchronously: a message that arrives before `expose` is never answered
// (https://github.com/GoogleChromeLabs/comlink/issues/665).
expose({
  features: () => outcome(findFeatures),
  prefetch: (addresses, onProgress, next) =>
    outcome(async () => {
      next.postMessage(await prefetchDetector(addresses, onProgress));
    }),
  load: (assets, deadlineMs, onProgress, next) =>
    outcome(async () => {
      const compiled = assets.compiled && (await receiveCompiled(assets.compiled));
      const loaded = await loadDetector({ ...assets, compiled }, deadlineMs, onProgress);
      detector = loaded.detector;
      next.postMessage(loaded.compiled);
    }),
  begin: (plan) =>
    outcome(() => {
      if (!detector) throw new FailureError({ code: 'Unexpected', message: 'begin() before load()' });
      capture = new Capture(detector, plan);
    }),
  analyse: (frame, time) =>
    outcome(() => {
      try {
        return begun().analyse(frame, time);
      } finally {
        if (!(frame instanceof ImageData)) frame.close();
      }
    }),
  beginTurns: () => outcome(() => begun().beginTurns()),
  submit: (submission, onProgress) => outcome(() => begun().submit(submission, onProgress)),
} satisfies LivenessWorker);

let detector: Detector | null = null;
let capture: Capture | null = null;

function begun(): Capture {
  if (!capture) throw new FailureError({ code: 'Unexpected', message: 'A call before begin()' });
  return capture;
}

/**
 * Reports an error without a code as a crash: it comes from graphics, wasm or the encoder, which may work in a new
 * worker.
 */
async function outcome<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const crashed = { code: 'WorkerCrashed', message: `The worker failed: ${String(error)}` } as const;
    return { ok: false, failure: error instanceof FailureError ? error.failure : crashed };
  }
}
