import { DETECTOR_FILES } from './protocol/detector-files.js';
import { FailureError } from './protocol/failure.js';
import type { DetectorAddresses } from './protocol/worker-api.js';

/**
 * Resolves the addresses of the detector's files. They are fetched at run time and never imported: a bundler would
 * inline megabytes.
 *
 * @param folder an address relative to the page; if empty, the folder beside this script
 * @throws FailureError `AssetsNotLoaded` if it is not a valid address, or the script does not know where it is itself
 */
export function resolveAssets(folder: string): DetectorAddresses {
  const base = folder ? folderOf(folder) : besideScript();
  const at = ({ name }: { name: string }) => new URL(name, base).href;
  return { model: at(DETECTOR_FILES.model), wasm: at(DETECTOR_FILES.wasm) };
}

function folderOf(address: string): URL {
  try {
    return new URL(address.endsWith('/') ? address : `${address}/`, document.baseURI);
  } catch {
    throw notLoaded(`\`assets\` is not a valid address: ${address}`);
  }
}

function besideScript(): URL {
  try {
    // Not the usual `new URL('…', import.meta.url)`: bundlers would resolve the folder as a module, and Turbopack would
    // fail.
    return new URL('liveness-assets/', new URL(import.meta.url));
  } catch {
    throw notLoaded('`assets` is needed, because the bundle has no `import.meta.url`');
  }
}

function notLoaded(message: string): FailureError {
  return new FailureError({ code: 'AssetsNotLoaded', message });
}
