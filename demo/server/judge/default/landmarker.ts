/**
 * Runs the element's own face model in Node: the same MediaPipe FaceLandmarker from the same files, so that service and
 * element see a face alike. MediaPipe is made for web pages, so this module provides the browser objects that it looks
 * for. Each thread has its own landmarker.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DETECTOR_FILES } from '../../../../src/protocol/detector-files.js';
import type { Point } from '../../../../src/protocol/geometry.js';
import { distinctFaces, faceGeometry, type FaceGeometry } from '../../../../worker/measure/face.js';
import { poseOf, type Pose } from '../../../../worker/measure/pose.js';
import { OldContext, SoftwareCanvas, type PixelImage } from './software-gl.js';

export interface FoundFace extends FaceGeometry {
  /**
   * The points of MediaPipe's face mesh, in pixels of the picture: 478, of which the last ten repeat points of the
   * eyes.
   */
  mesh: Point[];
  pose: Pose;
}

export interface Landmarker {
  /** @returns faces, the widest first. */
  find(image: PixelImage): FoundFace[];
}

/** Finding more would make no difference: it only matters whether there are several. */
const MOST_FACES = 3;

const WARM_UP_SIZE = 64;

/** @param directory holds the face model and MediaPipe's wasm, the same files that the element gets */
export async function loadLandmarker(directory: string): Promise<Landmarker> {
  standInForPage();
  const { FaceLandmarker } = await import('@mediapipe/tasks-vision');
  const landmarker = await FaceLandmarker.createFromOptions(
    {
      wasmLoaderPath: import.meta.resolve('@mediapipe/tasks-vision/vision_wasm_module_internal.js'),
      wasmBinaryPath: pathToFileURL(join(directory, DETECTOR_FILES.wasm.name)).href,
    },
    {
      baseOptions: { modelAssetBuffer: readFileSync(join(directory, DETECTOR_FILES.model.name)), delegate: 'CPU' },
      canvas: new SoftwareCanvas() as never,
      runningMode: 'IMAGE',
      numFaces: MOST_FACES,
      outputFacialTransformationMatrixes: true,
    },
  );

  const find = (image: PixelImage): FoundFace[] => {
    const { faceLandmarks, facialTransformationMatrixes } = landmarker.detect(image as never);
    const faces = faceLandmarks.map((landmarks, index) => ({
      ...faceGeometry(landmarks, image.width, image.height),
      mesh: landmarks.map(({ x, y }) => ({ x: x * image.width, y: y * image.height })),
      pose: poseOf(facialTransformationMatrixes[index]?.data ?? []),
    }));
    return distinctFaces(faces);
  };
  find({ width: WARM_UP_SIZE, height: WARM_UP_SIZE, data: new Uint8Array(WARM_UP_SIZE * WARM_UP_SIZE * 4) });
  return { find };
}

/** Sets the globals that MediaPipe's loader looks for. Called once, before the module is first evaluated. */
function standInForPage(): void {
  const page = globalThis as Record<string, unknown>;
  page.self = globalThis;
  // The loader checks whether a context is an instance of this; none is.
  page.WebGLRenderingContext = OldContext;
  page.OffscreenCanvas = SoftwareCanvas;
  // Throws as in a module worker, so that the loader imports the file instead.
  page.importScripts = () => {
    throw new TypeError('A module worker has no importScripts');
  };
  const fetchElsewhere = globalThis.fetch;
  page.fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const address = String(input);
    if (!address.startsWith('file:') || !address.endsWith('.wasm')) return fetchElsewhere(input, init);
    return new Response(readFileSync(new URL(address)), { headers: { 'content-type': 'application/wasm' } });
  };
}
