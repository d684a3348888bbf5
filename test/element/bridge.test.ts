/** WorkerBridge with real module workers that fail in every possible way. */
/// <reference types="vite/client" />
import { proxy, transfer } from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureError, type Failure } from '../../src/protocol/failure.js';
import { WorkerBridge } from '../../src/worker-bridge.js';
import fakeWorker from './fake.worker.ts?worker&url';
import type { Script } from './fake.worker.js';
import { until } from './harness.js';

/** For calls that are answered, or fail for another reason: a slow machine takes seconds to start a worker. */
const DEADLINE_MS = 30_000;
const ASSETS = { wasm: '', model: '', compiled: null };
const abort: AbortController[] = [];
const urls: string[] = [];

afterEach(() => {
  for (const controller of abort.splice(0)) controller.abort();
  for (const url of urls.splice(0)) URL.revokeObjectURL(url);
});

interface Built {
  bridge: WorkerBridge;
  worker: Worker;
  abort: AbortController;
  /** Whether the worker answers a ping within so many milliseconds. */
  answers(milliseconds?: number): Promise<boolean>;
}

function bridgeTo(url: string, channelName = crypto.randomUUID()): Built {
  const controller = new AbortController();
  abort.push(controller);
  const worker = new Worker(url, { type: 'module' });
  const answers = async (milliseconds = 30_000) => {
    const channel = new BroadcastChannel(channelName);
    let answered = false;
    // What the worker told about calls may still arrive after its end, and does not count.
    channel.onmessage = ({ data }) => (answered ||= data === 'pong');
    const asked = () => {
      channel.postMessage('ping'); // repeatedly: a worker that is still starting misses the first
      return answered;
    };
    await until(asked, 'pong', milliseconds).catch(() => undefined);
    channel.close();
    return answered;
  };
  return { bridge: new WorkerBridge({ worker, address: url }, controller.signal), worker, abort: controller, answers };
}

function bridgeToFake(script: Script = {}): Built {
  const channel = crypto.randomUUID();
  return bridgeTo(`${fakeWorker}#${new URLSearchParams({ channel, script: JSON.stringify(script) })}`, channel);
}

function bridgeToSource(source: string): Built {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  urls.push(url);
  return bridgeTo(url);
}

/** Asks repeatedly: a terminated worker may answer until the browser has ended it. */
async function expectGone(answers: Built['answers']): Promise<void> {
  await expect.poll(() => answers(150), { message: 'the worker is gone', timeout: 30_000 }).toBe(false);
}

const load = (
  bridge: WorkerBridge,
  deadlineMs = DEADLINE_MS,
  onProgress: (share: number) => void = () => undefined,
) => {
  const { port1 } = new MessageChannel();
  return bridge.call((api) => api.load(ASSETS, deadlineMs, proxy(onProgress), transfer(port1, [port1])), deadlineMs);
};

const started = (bridge: WorkerBridge) => bridge.call((api) => api.features(), DEADLINE_MS);

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => expect.fail('It did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw error;
  return error.failure;
}

it('returns what the worker answers', async () => {
  const { bridge } = bridgeToFake();
  expect(await started(bridge)).toEqual({ webAssembly: true, webGl2: true });
});

it('passes progress on to the callback', async () => {
  const { bridge } = bridgeToFake();
  const progress: number[] = [];
  await load(bridge, DEADLINE_MS, (share) => progress.push(share));
  expect(progress).toEqual([0.5]);
});

it('keeps every field of the worker’s failure', async () => {
  const failure: Failure = {
    code: 'TooManyRequests',
    message: 'slowly',
    status: 429,
    serviceCode: 'RateLimitExceeded',
    retryAfter: 7,
  };
  const { bridge, answers } = bridgeToFake({ load: { ok: false, failure } });
  expect(await failureOf(load(bridge))).toEqual(failure);
  expect(await answers(), 'a failure of a call is not the end of the worker').toBe(true);
  expect(await failureOf(load(bridge))).toEqual(failure);
});

describe('a worker that cannot go on', () => {
  it.each([
    ['throws while it starts', 'throw new Error("at the start")', 'WorkerCrashed'],
    ['is not JavaScript', 'this is none', 'WorkerNotLoaded'],
    ['imports a missing module', 'import "/nothing/here.js"', 'WorkerNotLoaded'],
  ] as const)('fails the call if it %s', async (_, source, code) => {
    const { bridge } = bridgeToSource(source);
    expect((await failureOf(load(bridge))).code).toBe(code);
  });

  it('fails the call with WorkerNotLoaded and the address if its file does not exist', async () => {
    const { bridge } = bridgeTo('/no/such/worker.js');
    expect(await failureOf(load(bridge))).toEqual({
      code: 'WorkerNotLoaded',
      message: 'The worker file could not be loaded: /no/such/worker.js',
    });
  });

  it('fails every pending call with WorkerCrashed if it crashes, and is terminated', async () => {
    const { bridge, answers } = bridgeToFake({ load: 'never', submit: 'crash' });
    const submission = {
      url: '',
      token: '',
      clientRequestId: '',
      camera: { width: 1, height: 1 },
      verifyImage: null,
      deadlineMs: 1,
    };
    const waiting = load(bridge);
    const crashing = bridge.call(
      (api) =>
        api.submit(
          submission,
          proxy(() => undefined),
        ),
      DEADLINE_MS,
    );
    const failures = await Promise.all([failureOf(waiting), failureOf(crashing)]);
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'WorkerCrashed' });
      expect(failure.message).toContain('The fake crashes as told');
    }
    await expectGone(answers);
  });

  it('fails the call with WorkerTimedOut if it never answers, and is terminated', async () => {
    const { bridge, answers } = bridgeToFake({ load: 'never' });
    await started(bridge);
    const message = expect.stringContaining('400 ms') as string;
    expect(await failureOf(load(bridge, 400))).toMatchObject({ code: 'WorkerTimedOut', message });
    await expectGone(answers);
  });

  it('fails the call with WorkerTimedOut if it is busy for ever', async () => {
    const { bridge } = bridgeToFake({ load: 'busy' });
    await started(bridge);
    expect(await failureOf(load(bridge, 300))).toMatchObject({ code: 'WorkerTimedOut' });
  });

  it.each([
    ['awaits for ever', 'await new Promise(() => {})'],
    ['loops for ever', 'for (;;);'],
  ])('fails the call with WorkerNotLoaded if it %s before it listens', async (_, source) => {
    const { bridge } = bridgeToSource(source);
    expect(await failureOf(load(bridge, 300))).toMatchObject({ code: 'WorkerNotLoaded' });
  });

  it('fails the call with WorkerCrashed if it sends a message that cannot be read', async () => {
    // The test makes the event itself: this page can read everything that its own worker can send.
    const { bridge, worker } = bridgeToSource('onmessage = () => {}');
    const waiting = load(bridge);
    worker.dispatchEvent(new MessageEvent('messageerror'));
    expect(await failureOf(waiting)).toMatchObject({ code: 'WorkerCrashed' });
  });
});

describe('with an aborted signal', () => {
  it('fails a pending call with UserCanceledSession and terminates the worker', async () => {
    const { bridge, abort: controller, answers } = bridgeToFake({ load: 'never' });
    const waiting = load(bridge);
    expect(await answers()).toBe(true);
    controller.abort();
    expect(await failureOf(waiting)).toMatchObject({ code: 'UserCanceledSession' });
    await expectGone(answers);
  });

  it('fails calls with UserCanceledSession if it was aborted before construction', async () => {
    const channel = crypto.randomUUID();
    const address = `${fakeWorker}#${new URLSearchParams({ channel })}`;
    const worker = new Worker(address, { type: 'module' });
    const bridge = new WorkerBridge({ worker, address }, AbortSignal.abort());
    expect(await failureOf(load(bridge))).toMatchObject({ code: 'UserCanceledSession' });
  });
});

it('fails a call after the end with the failure that ended the bridge', async () => {
  const { bridge } = bridgeToFake({ load: 'never' });
  const first = await failureOf(load(bridge, 50));
  expect(await failureOf(load(bridge))).toEqual(first);
});

describe('after the device was suspended during a call', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** Wakes the device from sleep: an overdue timer fires before any message is read. */
  function wakeUp(): void {
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2 * DEADLINE_MS);
    vi.advanceTimersByTime(DEADLINE_MS);
  }

  it('accepts an answer that arrives on waking', async () => {
    const { bridge } = bridgeToFake();
    const loading = load(bridge);
    wakeUp();
    await loading;
  });

  it('fails with WorkerTimedOut if no answer comes within another deadline', async () => {
    const { bridge } = bridgeToFake({ load: 'never' });
    await started(bridge);
    const loading = failureOf(load(bridge));
    wakeUp();
    vi.advanceTimersByTime(DEADLINE_MS);
    expect(await loading).toMatchObject({ code: 'WorkerTimedOut' });
  });
});

it('does not time out after an answer in time', async () => {
  const { bridge, answers } = bridgeToFake();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await load(bridge);
    vi.advanceTimersByTime(DEADLINE_MS);
  } finally {
    vi.useRealTimers();
  }
  expect(await answers()).toBe(true);
});
