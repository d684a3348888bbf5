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

interface Loaded {
  detector: Detector;
  /** For the next worker. */
  compiled: WebAssembly.Module;
}

const WARM_UP_SIZE = 256;

/** @throws FailureError of the assets, `WasmBlockedByPolicy` or `DetectorFailed` */
export async function loadDetector(
  { model, wasm, compiled }: DetectorAddresses & { compiled: WebAssembly.Module | null },
  deadlineMs: number,
  onProgress: (share: number) => void,
): Promise<Loaded> {
  const late = AbortSignal.timeout(deadlineMs);
  if (compiled) {
    const fetched = await fetchDetector({ model }, onProgress, late);
    return startable(() => start(compiled, fetched.model.bytes));
  }
  const fetched = await fetchDetector({ model, wasm }, onProgress, late);
  return startable(async () => start(await WebAssembly.compile(fetched.wasm.bytes), fetched.model.bytes));
}

/**
 * Puts all that `loadDetector` needs into the cache, however long it takes.
 *
 * @throws FailureError of the assets, or `DetectorFailed`
 */
export async function prefetchDetector(
  { model, wasm }: DetectorAddresses,
  onProgress: (share: number) => void,
): Promise<WebAssembly.Module> {
  const fetched = await fetchDetector({ model, wasm }, onProgress);
  const compiled = await startable(() => WebAssembly.compile(fetched.wasm.bytes));
  await Promise.all([fetched.model.kept, fetched.wasm.kept]);
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

async function start(compiled: WebAssembly.Module, model: Uint8Array): Promise<Loaded> {
  const landmarker = await create(compiled, model);
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
  return { detector: { detect }, compiled };
}

/** What MediaPipe looks for in the global scope, and takes away once it has it. */
interface MediaPipeScope {
  ModuleFactory?: unknown;
  Module?: {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
    printErr(line: string): void;
  };
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
      // Pages report what is an error in the console, and TensorFlow Lite writes its good news there.
      printErr: (line) => (line.startsWith('INFO:') ? console.debug(line) : console.error(line)),
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
