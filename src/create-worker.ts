import workerFile from '../worker/index.ts?worker&url';
import { FailureError } from './protocol/failure.js';

/**
 * Resolves the address of the worker file.
 *
 * @param address relative to the page; if empty, the file beside this script
 * @throws FailureError `WorkerNotLoaded` if it is not a valid address, or the script does not know where it is itself
 */
export function resolveWorker(address: string): URL {
  if (!address && !workerFile) throw notLoaded('`worker-url` is needed, because the bundle has no `import.meta.url`');
  try {
    // In a build, `workerFile` is a complete URL. With `import.meta.url` as base, webpack would try to resolve it as a
    // module.
    return new URL(address || workerFile, document.baseURI);
  } catch {
    throw notLoaded(`\`worker-url\` is not a valid address: ${address}`);
  }
}

export interface StartedWorker {
  worker: Worker;
  /** Address of its file. */
  address: string;
}

/**
 * Starts the worker. Browsers start workers only from the page's own origin. So if the file is on another origin (a
 * CDN), the worker starts from a tiny Blob that imports the file; a strict content security policy then has to allow
 * both in `worker-src`, `blob:` and the other origin.
 *
 * @param address as for `resolveWorker()`
 * @throws FailureError `WorkerNotLoaded` if the address is invalid or the browser refuses at once
 */
export function createWorker(address: string): StartedWorker {
  const { href, origin: from } = resolveWorker(address);
  try {
    return { worker: start(from === ownOrigin() ? href : shimOf(href)), address: href };
  } catch (error) {
    throw notLoaded(`The worker could not be started from ${href}: ${String(error)}`);
  }
}

function notLoaded(message: string): FailureError {
  return new FailureError({ code: 'WorkerNotLoaded', message });
}

/** In an `about:srcdoc` frame `location.origin` is 'null', but the global `origin` is that of the embedding page. */
function ownOrigin(): string {
  // The global `origin` is only the fallback, because a script of the page may have redefined it.
  return location.origin === 'null' ? origin : location.origin;
}

/**
 * Blob URLs by worker address. They are never revoked, because a worker that is terminated early does not reveal
 * whether it has read its URL.
 */
const shims = new Map<string, string>();

function shimOf(url: string): string {
  const source = `import ${JSON.stringify(url)};`;
  const shim = shims.get(url) ?? URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  shims.set(url, shim);
  return shim;
}

function start(url: string): Worker {
  return new Worker(trusted(url), { type: 'module', name: 'face-liveness' });
}

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

let policy: ScriptUrlPolicy | undefined;

/**
 * With Trusted Types, a page can require that script URLs come from a policy it names:
 * https://www.w3.org/TR/trusted-types/
 */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy };
  };
  try {
    policy ??= trustedTypes?.createPolicy('face-liveness', { createScriptURL: (address) => address });
  } catch {
    // The page restricts policy names and does not allow this one. If it also enforces Trusted Types, the browser
    // refuses the worker.
  }
  return policy?.createScriptURL(url) ?? url;
}
