/**
 * Keeps the models' compiled WebAssembly. V8 shares it between the threads of a process for as long as one of them uses
 * it; otherwise a thread that replaces the last one would have to compile everything again.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DETECTOR_FILES } from '../../../../src/protocol/detector-files.js';

/**
 * Only what is used here: TypeScript declares WebAssembly together with the DOM, whose types a server does not load.
 */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> };

const kept = new Map<string, Promise<object>>();

/**
 * Call this when a thread is ready: almost nothing is left to compile then.
 *
 * @param assets directory of MediaPipe's wasm
 */
export async function keepCompiled(assets: string): Promise<void> {
  const tensors = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  const paths = [join(assets, DETECTOR_FILES.wasm.name), join(tensors, 'tfjs-backend-wasm-simd.wasm')];
  for (const path of paths) {
    const compiled = kept.get(path) ?? readFile(path).then((bytes) => WebAssembly.compile(bytes));
    kept.set(path, compiled);
    await compiled;
  }
}
