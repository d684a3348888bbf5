/**
 * The element's own face model in Node: the same MediaPipe FaceLandmarker from the same files, so that service and
 * element see a face alike. MediaPipe is made for web pages; this module provides the browser objects it looks for. One
 * per thread.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FaceRectangle } from '../../../../src/protocol/geometry.js';
import { faceGeometry, overlap, type FaceGeometry, type MeshPoint } from '../../../../worker/measure/face.js';
import { poseOf, type Pose } from '../../../../worker/measure/pose.js';
import { OldContext, SoftwareCanvas, type PixelImage } from './software-gl.js';

export interface FoundFace extends FaceGeometry {
  /** 468 points of MediaPipe's canonical face; x and y in pixels of the picture, z in the same unit. */
  mesh: MeshPoint[];
  pose: Pose;
}

export interface Landmarker {
  /** @returns faces, the largest first. */
  find(image: PixelImage): FoundFace[];
}

/** The points of the irises, which would follow, are not returned by this model. */
const MESH_SIZE = 468;

/** Finding more would make no difference: `several` is all that counts. */
const MOST_FACES = 3;

/** Two boxes that share more than this are one face reported twice. */
const SAME_FACE = 0.6;

const WARM_UP_SIZE = 64;

/** @param directory of the face model and MediaPipe's wasm, the same files as are served to the element */
export async function loadLandmarker(directory: string): Promise<Landmarker> {
  const wasm = readFileSync(join(directory, 'vision_wasm_module_internal.wasm'));
  standInForPage(wasm);
  const { FaceLandmarker } = await import('@mediapipe/tasks-vision');
  const address = (name: string): string => pathToFileURL(join(directory, name)).href;
  const landmarker = await FaceLandmarker.createFromOptions(
    {
      wasmLoaderPath: import.meta.resolve('@mediapipe/tasks-vision/vision_wasm_module_internal.js'),
      wasmBinaryPath: address('vision_wasm_module_internal.wasm'),
    },
    {
      baseOptions: { modelAssetBuffer: readFileSync(join(directory, 'face_landmarker.task')), delegate: 'CPU' },
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
      mesh: landmarks
        .slice(0, MESH_SIZE)
        .map(({ x, y, z }) => ({ x: x * image.width, y: y * image.height, z: z * image.width })),
      pose: poseOf(facialTransformationMatrixes[index]?.data ?? []),
    }));
    return distinct(faces);
  };
  find({ width: WARM_UP_SIZE, height: WARM_UP_SIZE, data: new Uint8Array(WARM_UP_SIZE * WARM_UP_SIZE * 4) });
  return { find };
}

/** Sets the globals that MediaPipe's loader looks for. Called once, before the module is first evaluated. */
function standInForPage(wasm: Uint8Array<ArrayBuffer>): void {
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
  page.fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
    String(input).startsWith('file:') && String(input).endsWith('.wasm')
      ? Promise.resolve(new Response(wasm, { headers: { 'content-type': 'application/wasm' } }))
      : fetchElsewhere(input, init);
}

function distinct(faces: FoundFace[]): FoundFace[] {
  const bySize = [...faces].sort((a, b) => area(b.rectangle) - area(a.rectangle));
  return bySize.filter((face, index) =>
    bySize.slice(0, index).every((larger) => overlap(larger.rectangle, face.rectangle) <= SAME_FACE),
  );
}

function area({ width, height }: FaceRectangle): number {
  return width * height;
}
