import workerFile from '../worker/index.ts?worker&url';
import { FailureError } from './protocol/errors.js';

/**
 * Where the worker file lies.
 *
 * @param address relative to the page; the file beside this script where it is empty
 * @throws FailureError `WorkerNotLoaded` where it is none
 */
export function resolveWorker(address: string): URL {
  try {
    // Built, the file's own address is whole. Against `import.meta.url`, webpack would take it for a module to be found.
    return new URL(address || workerFile, document.baseURI);
  } catch {
    throw notLoaded(`\`worker-url\` is no address: ${address}`);
  }
}

export interface StartedWorker {
  worker: Worker;
  /** Where its file lies, for messages. */
  address: string;
}

/**
 * Starts the worker. A worker must come from the page's own origin, so a file on another (a CDN) is imported by a tiny
 * Blob of the page's own. In a strict policy `worker-src` has to name both, `blob:` and the other origin.
 *
 * @param address as of `resolveWorker()`
 * @throws FailureError `WorkerNotLoaded` where the address is none or the browser refuses at once
 */
export function createWorker(address: string): StartedWorker {
  const { href, origin: from } = resolveWorker(address);
  try {
    return { worker: start(from === ownOrigin() ? href : shimOf(href)), address: href };
  } catch (error) {
    throw notLoaded(`The worker cannot be started from ${href}: ${String(error)}`);
  }
}

function notLoaded(message: string): FailureError {
  return new FailureError({ code: 'WorkerNotLoaded', message });
}

/** The location of an `about:srcdoc` has none, though its document has that of the page around it. */
function ownOrigin(): string {
  // Asked second: a script of the page may have taken that name for something else.
  return location.origin === 'null' ? origin : location.origin;
}

/** By address, for the life of the page: a worker that is ended early never tells that it has read its own. */
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

/** A page can require that addresses of scripts come from a policy it names: https://www.w3.org/TR/trusted-types/ */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy };
  };
  try {
    policy ??= trustedTypes?.createPolicy('face-liveness', { createScriptURL: (address) => address });
  } catch {
    // The page names policies, and not this one: where it requires one too, the worker is refused.
  }
  return policy?.createScriptURL(url) ?? url;
}
