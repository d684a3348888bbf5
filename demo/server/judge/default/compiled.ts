/**
 * Keeps what was compiled of the models' WebAssembly. V8 shares it between the threads of a process for as long as one of
 * them has it: a thread that takes the place of the last one would else begin with everything compiled anew.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What is used of it: its types come with the browser's, which a server does without. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> };

const kept = new Map<string, Promise<object>>();

/**
 * To be called when a thread is ready: then there is next to nothing left to compile.
 *
 * @param assets directory of MediaPipe's wasm
 */
export async function keepCompiled(assets: string): Promise<void> {
  const tensors = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  const paths = [join(assets, 'vision_wasm_module_internal.wasm'), join(tensors, 'tfjs-backend-wasm-simd.wasm')];
  for (const path of paths) {
    const compiled = kept.get(path) ?? readFile(path).then((bytes) => WebAssembly.compile(bytes));
    kept.set(path, compiled);
    await compiled;
  }
}
