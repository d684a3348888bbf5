/**
 * A fake worker that answers every call as its script says, and looks at no picture. The element's tests check what the
 * window does with the answers of a worker; the real worker would need a person in front of the camera for every state.
 * It is tested in `test/e2e/`.
 *
 * The address of the worker has the first script and the name of the BroadcastChannel over which later scripts come.
 * Both are behind the `#`, because Vite would compile this file anew for each query.
 */
import { expose } from 'comlink';
import type { Outcome } from '../../src/protocol/failure.js';
import type { FrameReport, LivenessWorker, Receipt } from '../../src/protocol/worker-api.js';

export interface Script {
  /** How each call ends: with its usual value, a failure, never, an endless loop, or a crash of the worker. */
  features?: Ending;
  prefetch?: Ending;
  load?: Ending;
  begin?: Ending;
  analyse?: Ending;
  beginTurns?: Ending;
  submit?: Ending;
  /**
   * The progress that `prefetch`, `load` and `submit` report, value by value; 0.5 by default. `prefetch` also reports
   * the progress in each later script.
   */
  share?: number | number[];
  /** Changes to the answer of `analyse`. */
  report?: Partial<FrameReport>;
  receipt?: Partial<Receipt>;
  lacksWebGl2?: boolean;
  /** Milliseconds until `features` answers. */
  featuresMs?: number;
  /** Milliseconds until `beginTurns` is reported as heard, and answered. */
  deafMs?: number;
  /** Milliseconds that `analyse` takes. */
  slowMs?: number;
}
export type Ending = 'never' | 'busy' | 'crash' | Extract<Outcome<never>, { ok: false }>;

/** What the worker tells the test about a call. */
export interface Heard {
  call: keyof LivenessWorker;
  /** The arguments that can be cloned. */
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
    // `compiled` is a MessagePort, which a BroadcastChannel cannot send.
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
    const receipt = { requestId: 'request-id', digest: 'A'.repeat(64), livenessDecision: null, ...script.receipt };
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
  // Ignores what another worker tells the test.
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
