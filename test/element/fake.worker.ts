/**
 * A fake of the worker: it answers every call as it is told and looks at no picture. The element's tests are about what
 * the window does with what a worker says; a worker that sees would need a person in front of the camera for every
 * state. The real worker is met in `test/e2e/`.
 *
 * Its script comes in the address, later ones over a BroadcastChannel of the name given there. Behind the `#`: Vite
 * would compile this file anew for each query.
 */
import { expose } from 'comlink';
import type { Outcome } from '../../src/protocol/errors.js';
import type { FrameReport, LivenessWorker, Receipt } from '../../src/protocol/worker-api.js';

export interface Script {
  /** How each call ends: with its usual value, with a failure, never, with work without end, or with the end of the worker. */
  features?: Ending;
  prefetch?: Ending;
  load?: Ending;
  begin?: Ending;
  analyse?: Ending;
  beginTurns?: Ending;
  submit?: Ending;
  /**
   * How far `prefetch`, `load` and `submit` say they have come, one after the other; half where it is left out. A
   * `prefetch` that is under way goes on to say what a later script has.
   */
  share?: number | number[];
  /** What `analyse` answers. */
  report?: Partial<FrameReport>;
  receipt?: Partial<Receipt>;
  lacksWebGl2?: boolean;
  /** Milliseconds until `features` is answered. */
  featuresMs?: number;
  /** Milliseconds until `beginTurns` is heard. */
  deafMs?: number;
  /** Milliseconds that a picture takes. */
  slowMs?: number;
}
export type Ending = 'never' | 'busy' | 'crash' | Extract<Outcome<never>, { ok: false }>;

/** What it tells the test. */
export interface Heard {
  call: keyof LivenessWorker;
  /** Arguments that can be cloned. */
  given: unknown;
}

const instructions = new URLSearchParams(self.location.hash.slice(1));
const channel = new BroadcastChannel(instructions.get('channel') ?? '');
let inFlight = 0;
let directed = () => {};
let script = JSON.parse(instructions.get('script') ?? '{}') as Script;

expose({
  features: async () => {
    await pause(script.featuresMs);
    return end('features', null, { webAssembly: true, webGl2: !script.lacksWebGl2 });
  },
  prefetch: async (addresses, onProgress) => {
    directed = () => shares().forEach((share) => void onProgress(share));
    directed();
    return end('prefetch', addresses, undefined);
  },
  load: async (assets, _deadlineMs, onProgress) => {
    for (const share of shares()) onProgress(share);
    // A port cannot be told over a channel.
    return end('load', { ...assets, compiled: null }, undefined);
  },
  begin: (plan) => end('begin', plan, undefined),
  analyse: async (frame, time) => {
    inFlight++;
    if (!(frame instanceof ImageData)) frame.close();
    await pause(script.slowMs);
    const given = { time, inFlight };
    inFlight--;
    const report = {
      phase: 'framing',
      guidance: null,
      progress: 0,
      turn: null,
      analysis: NOTHING,
      timing: { inference: 0, measurement: 0 },
      ...script.report,
    };
    return end('analyse', given, report as FrameReport);
  },
  beginTurns: async () => {
    await pause(script.deafMs);
    return end('beginTurns', null, undefined);
  },
  submit: async (submission, onProgress) => {
    for (const share of shares()) onProgress(share);
    const receipt = { requestId: 'request-id', digest: 'A'.repeat(64), body: null, ...script.receipt };
    return end('submit', submission, receipt);
  },
} satisfies LivenessWorker);

const NOTHING = {
  time: 0,
  frame: { width: 640, height: 480 },
  brightness: 0.5,
  change: 2,
  faceCount: 0,
  face: null,
  points: null,
  measurements: null,
};

channel.onmessage = ({ data }: MessageEvent<Script | 'ping' | Heard>) => {
  if (data === 'ping') channel.postMessage('pong');
  // What another worker tells is for the test.
  else if (!('call' in data)) {
    script = data;
    directed();
  }
};

function pause(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function shares(): number[] {
  return [script.share ?? 0.5].flat();
}

function end<T>(call: keyof LivenessWorker, given: unknown, value: T): Promise<Outcome<T>> {
  channel.postMessage({ call, given } satisfies Heard);
  const ending = script[call];
  if (ending === 'never') return new Promise(() => undefined);
  if (ending === 'busy') for (;;);
  if (ending === 'crash') {
    setTimeout(() => {
      throw new Error('The fake crashes as told');
    });
    return new Promise(() => undefined);
  }
  return Promise.resolve(ending ?? { ok: true, value });
}
