/**
 * Checks whether this browser, on this page, can run a session: without a prompt, without turning a camera on, and with
 * no request other than for the worker. `start()` makes the same checks before it opens a camera, except for `camera`:
 * opening one shows that.
 */
import { listCameras } from './camera.js';
import { createWorker, resolveWorker } from './create-worker.js';
import { DEFAULT_DEADLINES } from './deadlines.js';
import { activated } from './page-life.js';
import type { LivenessErrorCode } from './protocol/errors.js';
import { FailureError, failureOf } from './protocol/failure.js';
import { SIMD_MODULE } from './protocol/simd.js';
import type { WorkerFeatures } from './protocol/worker-api.js';
import { within } from './wait.js';
import { WorkerBridge } from './worker-bridge.js';

/** In order of importance: `start()` fails with the code of the first check that fails. */
export const SUPPORT_CHECKS = [
  'secureContext',
  'permissionsPolicy',
  'mediaDevices',
  'webCrypto',
  'offscreenCanvas',
  'abortSignalTimeout',
  'webAssemblySimd',
  'worker',
  'workerWebAssembly',
  'workerWebGl2',
  'camera',
] as const;
export type SupportCheckName = (typeof SUPPORT_CHECKS)[number];

export interface SupportCheck {
  name: SupportCheckName;
  ok: boolean;
  /** The code `start()` would fail with; null if the check is ok. */
  code: LivenessErrorCode | null;
}

export interface SupportReport {
  /** True if every check is ok. */
  supported: boolean;
  /** All of `SUPPORT_CHECKS`, in their order. */
  checks: SupportCheck[];
}

export interface SupportOptions {
  /** Like the element's `worker-url`. */
  workerUrl?: string;
}

type Found = Record<SupportCheckName, LivenessErrorCode | null>;

/**
 * Runs all checks. Never rejects, not even outside of a browser: a feature that cannot be checked counts as missing,
 * except for the camera. In a prerendered page it waits until the page is activated.
 */
export async function checkSupport({ workerUrl = '' }: SupportOptions = {}): Promise<SupportReport> {
  await activated();
  const found: Found = { ...pageChecks(), ...(await workerChecks(workerUrl)), camera: await cameraCheck() };
  const checks = SUPPORT_CHECKS.map((name) => ({ name, ok: found[name] === null, code: found[name] }));
  return { supported: checks.every(({ ok }) => ok), checks };
}

/**
 * Requires everything that can be checked without a worker.
 *
 * @throws FailureError with the code of the first check that fails
 */
export function requirePageSupport(): void {
  const failed = Object.entries(pageChecks()).filter(([, code]) => code !== null);
  const [first] = failed;
  if (!first?.[1]) return;
  const names = failed.map(([name]) => name).join(', ');
  throw new FailureError({ code: first[1], message: `This page or browser lacks: ${names}` });
}

/**
 * Requires everything that only a worker can check.
 *
 * @throws FailureError `WasmBlockedByPolicy`, `WebGLNotSupported`, or what is wrong with the worker
 */
export async function requireWorkerSupport(bridge: WorkerBridge, deadlineMs: number): Promise<void> {
  const { webAssembly, webGl2 } = await findFeatures(bridge, deadlineMs);
  if (!webAssembly) {
    throw new FailureError({
      code: 'WasmBlockedByPolicy',
      message: 'A policy does not allow the worker to compile WebAssembly',
    });
  }
  if (!webGl2)
    throw new FailureError({ code: 'WebGLNotSupported', message: 'The browser provides no WebGL2 in a worker' });
}

/** Minimum time for a worker to load and to report its features. */
const START_MS = 30_000;
/** The same, if a check in another worker has to end first. */
const LOOK_MS = 2 * START_MS;

/** Addresses of workers that have every feature. Others are checked again: a missing feature may be available the next time. */
const complete = new Set<string>();
/** WebKit gives WebGL to one worker at a time, so checks run one after the other. */
let looking: Promise<unknown> = Promise.resolve();

function findFeatures(bridge: WorkerBridge, deadlineMs: number): Promise<WorkerFeatures> {
  const end = performance.now() + deadlineMs;
  const earlier = looking;
  const look = async () => {
    await within(deadlineMs, earlier).catch((error: unknown) => {
      throw new FailureError({
        code: 'WorkerNotLoaded',
        message: `An earlier check in another worker did not finish in time: ${String(error)}`,
      });
    });
    // A file that hangs may load on the next try, so a single try gets only part of the time; more if the page has
    // raised the deadline.
    const startMs = Math.min(end - performance.now(), Math.max(START_MS, deadlineMs / 10));
    const found = await bridge.call((api) => api.features(), startMs);
    if (found.webAssembly && found.webGl2) complete.add(bridge.address);
    return found;
  };
  const work = look();
  // Resolves to nothing: otherwise each promise would hold the outcomes of all before it.
  looking = Promise.allSettled([earlier, work]).then(() => undefined);
  return work;
}

function pageChecks() {
  const unless = (ok: boolean, code: LivenessErrorCode) => (ok ? null : code);
  const has = (name: string, scope: object = globalThis) => name in scope;
  return {
    secureContext: unless(globalThis.isSecureContext, 'InsecureContext'),
    permissionsPolicy: unless(cameraAllowedByPolicy(), 'CameraBlockedByPolicy'),
    // Missing in some web views even where the context is secure.
    mediaDevices: unless(has('navigator') && has('mediaDevices', navigator), 'BrowserNotSupported'),
    webCrypto: unless(has('crypto') && has('subtle', crypto), 'BrowserNotSupported'),
    offscreenCanvas: unless(has('OffscreenCanvas'), 'BrowserNotSupported'),
    abortSignalTimeout: unless(has('timeout', AbortSignal), 'BrowserNotSupported'),
    webAssemblySimd: unless(has('WebAssembly') && WebAssembly.validate(SIMD_MODULE), 'BrowserNotSupported'),
  };
}

/**
 * Only Chromium can be asked in advance. In other browsers, a policy that forbids the camera shows only when the camera
 * is requested.
 */
function cameraAllowedByPolicy(): boolean {
  const { document } = globalThis as { document?: { featurePolicy?: { allowsFeature(name: string): boolean } } };
  return document?.featurePolicy?.allowsFeature('camera') ?? true;
}

async function workerChecks(workerUrl: string) {
  const abort = new AbortController();
  let worker: LivenessErrorCode | null = null;
  let found: WorkerFeatures = { webAssembly: true, webGl2: true };
  try {
    const { href } = resolveWorker(workerUrl);
    if (!complete.has(href)) found = await findFeatures(new WorkerBridge(createWorker(href), abort.signal), LOOK_MS);
  } catch (error) {
    worker = failureOf(error).code;
  } finally {
    abort.abort();
  }
  return {
    worker,
    workerWebAssembly: worker ?? (found.webAssembly ? null : 'WasmBlockedByPolicy'),
    workerWebGl2: worker ?? (found.webGl2 ? null : 'WebGLNotSupported'),
  };
}

/**
 * Fails only if the list of cameras is empty, not if it does not arrive: browsers hold it back while the page is
 * hidden, and Firefox until its window has the focus: https://github.com/mdn/browser-compat-data/issues/21106
 */
async function cameraCheck(): Promise<LivenessErrorCode | null> {
  const cameras = await within(DEFAULT_DEADLINES.camera, listCameras()).catch(() => null);
  return cameras?.length === 0 ? 'CameraNotFound' : null;
}
