import type { DetectorAssets } from './protocol/worker-api.js';

/**
 * Where the detector's files lie. They are addressed at run time and never imported: a bundler would inline megabytes.
 *
 * @param folder an address relative to the page; the folder beside this script where it is empty
 */
export function resolveAssets(folder: string): DetectorAssets {
  const base = folder
    ? new URL(folder.endsWith('/') ? folder : `${folder}/`, document.baseURI)
    : new URL(/* @vite-ignore */ './liveness-assets/', import.meta.url);
  const at = (name: string) => new URL(name, base).href;
  return {
    wasmLoader: at('vision_wasm_module_internal.js'),
    wasmBinary: at('vision_wasm_module_internal.wasm'),
    model: at('face_landmarker.task'),
  };
}
