/** When a worker's features are checked, and when remembered. Missing features: `test/e2e/support.spec.ts`. */
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

// Must be the first test: features that were found are remembered from then on.
it('a start waits for a running check, and a feature that was missing is checked again', async () => {
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

it('features that were present are not checked again, except in another worker', async () => {
  harness = new Harness({});
  const { workerUrl } = harness.element;
  expect(await check()).toEqual([]);
  await until(() => harness.calls('features').length === 1, 'what it told');
  harness.direct({ lacksWebGl2: true });
  expect(await check(workerUrl)).toEqual([]);
  expect(harness.calls('features')).toHaveLength(1);
  expect(await check(), 'of another address').toEqual(['workerWebGl2']);
});

describe('a worker that never answers', () => {
  it('fails checkSupport() after 30 seconds, and a start that waited for it then checks again', async () => {
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

  it('fails a start that waits for a running check after the assets deadline of the start', async () => {
    allowLeaps();
    harness = new Harness({ script: { features: 'never' }, properties: { deadlines: { assets: 1_000 } } });
    const checked = check();
    await until(() => harness.calls('features').length === 1, 'the question');
    harness.direct({ features: undefined });
    expect(await harness.start()).toMatchObject({ code: 'WorkerNotLoaded' });
    vi.advanceTimersByTime(30_000);
    await checked;
  });

  it('is replaced by another worker after 30 seconds of a session', async () => {
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

describe('the list of cameras', () => {
  const { mediaDevices } = navigator;
  // Without its own property, the object has the prototype's method again.
  afterEach(() => delete (mediaDevices as Partial<MediaDevices>).enumerateDevices);

  it('fails the camera check if it is empty', async () => {
    harness = new Harness({});
    mediaDevices.enumerateDevices = () => Promise.resolve([]);
    expect(await check()).toEqual(['camera']);
  });

  it('does not fail the camera check if it never comes', async () => {
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
