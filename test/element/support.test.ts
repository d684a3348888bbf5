/** What is remembered of what a worker can, and who looks when. What browsers lack is in `test/e2e/support.spec.ts`. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_DEADLINES } from '../../src/deadlines.js';
import { checkSupport } from '../../src/support.js';
import { allowLeaps, Harness, until } from './harness.js';

let harness: Harness;
afterEach(async () => {
  await harness.dispose();
  vi.useRealTimers();
});

async function check(workerUrl = harness.element.workerUrl): Promise<string[]> {
  const { checks } = await checkSupport({ workerUrl });
  return checks.flatMap(({ name, ok }) => (ok ? [] : [name]));
}

// First of all: what is found here is remembered.
it('a start meanwhile looks when the other has looked, and what was missing once is looked for again', async () => {
  harness = new Harness({ script: { featuresMs: 1_000, lacksWebGl2: true } });
  const checked = check();
  const start = harness.start();
  expect(await checked).toEqual(['workerWebGl2']);
  await until(() => harness.calls('features').length > 0, 'what it told');
  expect(harness.calls('features'), 'the other has not yet').toHaveLength(1);
  expect(await start).toMatchObject({ code: 'WebGLNotSupported' });
  harness.direct({ featuresMs: 0, lacksWebGl2: false });
  expect(await check()).toEqual([]);
});

it('what was there is not looked for again, but in another worker', async () => {
  harness = new Harness({});
  const { workerUrl } = harness.element;
  expect(await check()).toEqual([]);
  await until(() => harness.calls('features').length === 1, 'what it told');
  harness.direct({ lacksWebGl2: true });
  expect(await check(workerUrl)).toEqual([]);
  expect(harness.calls('features')).toHaveLength(1);
  expect(await check(), 'of another address').toEqual(['workerWebGl2']);
});

describe('a worker that does not come', () => {
  it('is told before long, and a start that waited for it looks then', async () => {
    allowLeaps();
    harness = new Harness({ script: { features: 'never' } });
    const checked = check();
    await until(() => harness.calls('features').length === 1, 'the question');
    harness.direct({ features: undefined });
    void harness.start();
    vi.advanceTimersByTime(30_000);
    expect(await checked).toEqual(['worker', 'workerWebAssembly', 'workerWebGl2']);
    await harness.reached('framing');
  });

  it('a start waits for another’s no longer than it has itself', async () => {
    allowLeaps();
    harness = new Harness({ script: { features: 'never' }, properties: { deadlines: { assets: 1_000 } } });
    const checked = check();
    await until(() => harness.calls('features').length === 1, 'the question');
    harness.direct({ features: undefined });
    expect(await harness.start()).toMatchObject({ code: 'WorkerNotLoaded' });
    vi.advanceTimersByTime(30_000);
    await checked;
  });

  it('is given up by a session, which starts another', async () => {
    allowLeaps();
    harness = new Harness({ script: { features: 'never' } });
    void harness.start();
    await until(() => harness.calls('features').length === 1, 'the question');
    vi.advanceTimersByTime(30_000);
    await until(() => harness.calls('features').length === 2, 'the question to another');
    expect(harness.workers.size, 'the first is gone').toBe(1);
    harness.element.cancel();
  });
});

describe('a list of cameras', () => {
  const { mediaDevices } = navigator;
  // The prototype's own comes back.
  afterEach(() => delete (mediaDevices as Partial<MediaDevices>).enumerateDevices);

  it('that is empty: there is no camera', async () => {
    harness = new Harness({});
    mediaDevices.enumerateDevices = () => Promise.resolve([]);
    expect(await check()).toEqual(['camera']);
  });

  it('that does not come, as in a window that nobody looks at, says nothing of cameras', async () => {
    allowLeaps();
    harness = new Harness({});
    const listed = vi.fn(() => new Promise<never>(() => undefined));
    mediaDevices.enumerateDevices = listed;
    const checked = check();
    await until(() => listed.mock.calls.length > 0, 'the question');
    vi.advanceTimersByTime(DEFAULT_DEADLINES.camera);
    expect(await checked).toEqual([]);
  });
});
