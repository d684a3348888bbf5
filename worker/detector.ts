/**
 * MediaPipe's FaceLandmarker. Its wasm and model are fetched, verified and compiled here rather than by MediaPipe: for
 * progress, for an error that says what is missing, and so that no script comes from the assets. The loader of the wasm is
 * part of this worker.
 */
import { FaceLandmarker, type NormalizedLandmark } from '@mediapipe/tasks-vision';
import ModuleFactory from '@mediapipe/tasks-vision/vision_wasm_module_internal.js';
import { FailureError } from '../src/protocol/errors.js';
import type { DetectorAddresses, Picture } from '../src/protocol/worker-api.js';
import { fetchDetector } from './assets.js';

/** One face as found: 468 points as shares of the picture, and its pose as a column-major 4×4 matrix. */
export interface DetectedFace {
  landmarks: NormalizedLandmark[];
  matrix: number[];
}

export interface Detector {
  /** `time` in milliseconds must grow from call to call. */
  detect(frame: Picture, time: number): DetectedFace[];
}

const WARM_UP_SIZE = 256;

/** @throws FailureError of the assets, `WasmBlockedByPolicy` or `DetectorFailed` */
export async function loadDetector(
  assets: DetectorAddresses & { compiled: WebAssembly.Module | null },
  deadlineMs: number,
  onProgress: (share: number) => void,
): Promise<{ detector: Detector; compiled: WebAssembly.Module }> {
  const wanted = assets.compiled ? { model: assets.model } : { model: assets.model, wasm: assets.wasm };
  const { model, wasm } = await fetchDetector(wanted, AbortSignal.timeout(deadlineMs), onProgress);
  return startable(async () => {
    const compiled = wasm ? await WebAssembly.compile(wasm) : assets.compiled;
    if (!compiled) throw new Error('Neither wasm nor what is made of it');
    return { detector: startDetector(await create(compiled, model)), compiled };
  });
}

/**
 * Puts all that `loadDetector` needs into the cache, however long it takes.
 *
 * @throws FailureError of the assets, or `DetectorFailed`
 */
export async function prefetchDetector(
  addresses: DetectorAddresses,
  onProgress: (share: number) => void,
): Promise<WebAssembly.Module> {
  const { wasm, kept } = await fetchDetector(addresses, new AbortController().signal, onProgress);
  const compiled = await startable(() => WebAssembly.compile(wasm ?? new Uint8Array()));
  await kept;
  return compiled;
}

async function startable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FailureError({
      code: 'DetectorFailed',
      message: `Face detection could not be started: ${String(error)}`,
    });
  }
}

function startDetector(landmarker: FaceLandmarker): Detector {
  let lastTime = 0;
  const detect = (frame: Picture, time: number): DetectedFace[] => {
    lastTime = Math.max(lastTime + 1, time);
    const { faceLandmarks, facialTransformationMatrixes } = landmarker.detectForVideo(frame, lastTime);
    return faceLandmarks.map((landmarks, index) => ({
      landmarks,
      matrix: facialTransformationMatrixes[index]?.data ?? [],
    }));
  };
  // The first inference takes ten times as long as those after it: spend it on a blank picture while the camera opens.
  detect(new ImageData(WARM_UP_SIZE, WARM_UP_SIZE), 0);
  return { detect };
}

/** What MediaPipe looks for in the global scope, and takes away once it has it. */
interface MediaPipeScope {
  ModuleFactory?: unknown;
  Module?: { instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object };
}

function create(compiled: WebAssembly.Module, modelAssetBuffer: Uint8Array): Promise<FaceLandmarker> {
  return new Promise((resolve, reject) => {
    const scope = globalThis as MediaPipeScope;
    scope.ModuleFactory = ModuleFactory;
    scope.Module = {
      // An instance that fails is never told of by the loader, which would wait for ever.
      instantiateWasm: (imports, done) => {
        WebAssembly.instantiate(compiled, imports).then(done, reject);
        return {};
      },
    };
    FaceLandmarker.createFromOptions(
      { wasmLoaderPath: '', wasmBinaryPath: '' },
      {
        baseOptions: { modelAssetBuffer, delegate: 'CPU' },
        // Below Safari 17 MediaPipe looks for `document` in the worker unless it is handed a canvas
        // (https://github.com/google-ai-edge/mediapipe/issues/5292).
        canvas: new OffscreenCanvas(1, 1),
        runningMode: 'VIDEO',
        numFaces: 2,
        outputFacialTransformationMatrixes: true,
      },
    ).then(resolve, reject);
  });
}
