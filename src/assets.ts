import { FailureError } from './protocol/errors.js';
import type { DetectorAssets } from './protocol/worker-api.js';

/**
 * Where the detector's files lie. They are addressed at run time and never imported: a bundler would inline megabytes.
 *
 * @param folder an address relative to the page; the folder beside this script where it is empty
 * @throws FailureError `AssetsNotLoaded` where it is no address
 */
export function resolveAssets(folder: string): DetectorAssets {
  const base = folder ? folderOf(folder) : new URL(/* @vite-ignore */ './liveness-assets/', import.meta.url);
  const at = (name: string) => new URL(name, base).href;
  return {
    wasmLoader: at('vision_wasm_module_internal.js'),
    wasmBinary: at('vision_wasm_module_internal.wasm'),
    model: at('face_landmarker.task'),
  };
}

function folderOf(address: string): URL {
  try {
    return new URL(address.endsWith('/') ? address : `${address}/`, document.baseURI);
  } catch {
    throw new FailureError({ code: 'AssetsNotLoaded', message: `\`assets\` is no address: ${address}` });
  }
}
