/**
 * MediaPipe's FaceLandmarker, started once per worker life: its loader is an ES module, evaluated once, and MediaPipe
 * drops `self.ModuleFactory` after each creation (https://github.com/google-ai-edge/mediapipe/issues/5527).
 */
import { FaceLandmarker, type NormalizedLandmark } from '@mediapipe/tasks-vision';
import { FailureError } from '../src/protocol/errors.js';
import type { DetectorAssets } from '../src/protocol/worker-api.js';

/** One face as found: 468 points as shares of the picture, and its pose as a column-major 4×4 matrix. */
export interface DetectedFace {
  landmarks: NormalizedLandmark[];
  matrix: number[];
}

export interface Detector {
  /** `time` in milliseconds must grow from call to call. */
  detect(frame: VideoFrame | ImageData, time: number): DetectedFace[];
}

const WARM_UP_SIZE = 256;

export async function loadDetector(assets: DetectorAssets, onProgress: (share: number) => void): Promise<Detector> {
  const modelAssetBuffer = await download(assets.model, onProgress);
  const landmarker = await create(assets, modelAssetBuffer);

  let lastTime = 0;
  const detect = (frame: VideoFrame | ImageData, time: number): DetectedFace[] => {
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

async function create(assets: DetectorAssets, modelAssetBuffer: Uint8Array): Promise<FaceLandmarker> {
  try {
    return await FaceLandmarker.createFromOptions(
      { wasmLoaderPath: assets.wasmLoader, wasmBinaryPath: assets.wasmBinary },
      {
        baseOptions: { modelAssetBuffer, delegate: 'CPU' },
        // Below Safari 17 MediaPipe looks for `document` in the worker unless it is handed a canvas
        // (https://github.com/google-ai-edge/mediapipe/issues/5292).
        canvas: new OffscreenCanvas(1, 1),
        runningMode: 'VIDEO',
        numFaces: 2,
        outputFacialTransformationMatrixes: true,
      },
    );
  } catch (error) {
    const reachable = await fetch(assets.wasmBinary, { method: 'HEAD' }).then(
      (response) => response.ok,
      () => false,
    );
    throw new FailureError(
      reachable
        ? { code: 'DetectorFailed', message: `Face detection could not be started: ${String(error)}` }
        : { code: 'AssetsNotLoaded', message: `Could not fetch ${assets.wasmBinary}` },
    );
  }
}

/** The model is fetched here rather than by MediaPipe, for progress and for an error that says what is missing. */
async function download(url: string, onProgress: (share: number) => void): Promise<Uint8Array> {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok || !response.body) {
    const status = response ? `status ${response.status}` : 'no answer';
    throw new FailureError({ code: 'AssetsNotLoaded', message: `Could not fetch ${url}: ${status}` });
  }
  const total = Number(response.headers.get('content-length')) || 0;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    received += part.value.length;
    if (total > 0) onProgress(Math.min(1, received / total));
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
