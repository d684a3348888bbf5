/**
 * MediaPipe's FaceLandmarker. Its wasm and model are fetched, verified and compiled here rather than by MediaPipe: to
 * report progress, to give an error that names what is missing, and to load no script from the assets. The loader of
 * the wasm is bundled with this worker.
 */
import { FaceLandmarker, type NormalizedLandmark } from '@mediapipe/tasks-vision';
import ModuleFactory from '@mediapipe/tasks-vision/vision_wasm_module_internal.js';
import { FailureError } from '../src/protocol/failure.js';
import type { DetectorAddresses, Picture } from '../src/protocol/worker-api.js';
import { fetchDetector } from './assets.js';

/** One detected face: 478 points as shares of the picture (see `face.ts`), and its pose as a column-major 4×4 matrix. */
export interface DetectedFace {
  landmarks: NormalizedLandmark[];
  matrix: number[];
}

export interface Detector {
  /** `time`: milliseconds, increasing from call to call. */
  detect(frame: Picture, time: number): DetectedFace[];
}

interface Loaded {
  detector: Detector;
  /** The compiled wasm, for the next worker. */
  compiled: WebAssembly.Module;
}

const WARM_UP_SIZE = 256;

/** @throws FailureError with a code of the assets, or `DetectorFailed` */
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
 * Puts everything that `loadDetector` needs into the cache, without a deadline.
 *
 * @returns the compiled wasm
 *
 * @throws FailureError with a code of the assets, or `DetectorFailed`
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
  // The first inference takes ten times as long as later ones: run it on a blank picture while the camera opens.
  detect(new ImageData(WARM_UP_SIZE, WARM_UP_SIZE), 0);
  return { detector: { detect }, compiled };
}

/** Globals that MediaPipe reads, and deletes after use. */
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
      // The loader does not notice a failed instantiation and would wait forever, so reject here.
      instantiateWasm: (imports, done) => {
        WebAssembly.instantiate(compiled, imports).then(done, reject);
        return {};
      },
      // TensorFlow Lite logs plain information as errors, and pages may collect console errors.
      printErr: (line) => (line.startsWith('INFO:') ? console.debug(line) : console.error(line)),
    };
    FaceLandmarker.createFromOptions(
      { wasmLoaderPath: '', wasmBinaryPath: '' },
      {
        baseOptions: { modelAssetBuffer, delegate: 'CPU' },
        // Without a canvas MediaPipe looks for `document`, which a worker lacks, if the user agent has “Safari” but
        // neither “Chrome” nor “Version/17” or above, as that of Chrome or Firefox on iOS
        // (https://github.com/google-ai-edge/mediapipe/issues/5292).
        canvas: new OffscreenCanvas(1, 1),
        runningMode: 'VIDEO',
        numFaces: 2,
        outputFacialTransformationMatrixes: true,
      },
    ).then(resolve, reject);
  });
}
