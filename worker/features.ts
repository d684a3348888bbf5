import { SIMD_MODULE } from '../src/protocol/simd.js';
import type { WorkerFeatures } from '../src/protocol/worker-api.js';

/** Finds out by trying: only compiling shows what a policy forbids, only a context shows what the graphics support. */
export async function findFeatures(): Promise<WorkerFeatures> {
  const webAssembly = await WebAssembly.compile(SIMD_MODULE).then(
    () => true,
    () => false,
  );
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  // Some systems have only a few contexts, so free this one.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return { webAssembly, webGl2: context !== null };
}
