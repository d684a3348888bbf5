import { DETECTOR_FILES } from './protocol/detector-files.js';
import { FailureError } from './protocol/errors.js';
import type { DetectorAddresses } from './protocol/worker-api.js';

/**
 * Where the detector's files lie. They are addressed at run time and never imported: a bundler would inline megabytes.
 *
 * @param folder an address relative to the page; the folder beside this script where it is empty
 * @throws FailureError `AssetsNotLoaded` where it is no address
 */
export function resolveAssets(folder: string): DetectorAddresses {
  // In one step, `new URL('…', import.meta.url)`, bundlers take the folder for a module, and Turbopack fails over it.
  const base = folder ? folderOf(folder) : new URL('liveness-assets/', new URL(import.meta.url));
  const at = ({ name }: { name: string }) => new URL(name, base).href;
  return { model: at(DETECTOR_FILES.model), wasm: at(DETECTOR_FILES.wasm) };
}

function folderOf(address: string): URL {
  try {
    return new URL(address.endsWith('/') ? address : `${address}/`, document.baseURI);
  } catch {
    throw new FailureError({ code: 'AssetsNotLoaded', message: `\`assets\` is no address: ${address}` });
  }
}
