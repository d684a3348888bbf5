/** Concurrent prefetches and sessions, with a fake worker. What is fetched and cached: `test/e2e/`. */
import { afterEach, expect, it } from 'vitest';
import { resolveAssets } from '../../src/assets.js';
import { LivenessProgressEvent } from '../../src/events.js';
import { prefetch, prefetched } from '../../src/prefetch.js';
import { connect, disconnect } from './devices.js';
import { Harness, TOKEN, until } from './harness.js';

let harness: Harness;
afterEach(async () => {
  await harness.dispose();
  disconnect();
});

const STARTING = { preload: true, autostart: true, authToken: TOKEN };

it('runs one prefetch at a time, however many are requested at once', async () => {
  harness = new Harness({ script: { prefetch: 'never' } });
  const aborts: AbortController[] = [];
  const ask = () => {
    const abort = new AbortController();
    aborts.push(abort);
    return prefetch({ workerUrl: harness.element.workerUrl, signal: abort.signal }).catch(() => 'ended');
  };
  /** Checks that workers receive so many calls of `prefetch`, and no more. */
  const heard = async (count: number) => {
    await until(() => harness.calls('prefetch').length >= count, `call ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(harness.calls('prefetch')).toHaveLength(count);
  };
  const asked = [ask(), ask()];
  await heard(1);
  aborts[0]?.abort();
  await heard(2);
  asked.push(ask());
  await heard(2);
  for (const abort of aborts) abort.abort();
  expect(await Promise.all(asked)).toEqual(['ended', 'ended', 'ended']);
});

it('rejects a prefetch that is aborted while it waits for another, which goes on', async () => {
  harness = new Harness({ script: { prefetch: 'never' } });
  const { workerUrl } = harness.element;
  const [first, second] = [new AbortController(), new AbortController()];
  const going = prefetch({ workerUrl, signal: first.signal }).catch(() => 'ended');
  await until(() => harness.calls('prefetch').length === 1, 'the first');
  const waiting = prefetch({ workerUrl, signal: second.signal });
  second.abort(new Error('not needed'));
  await expect(waiting).rejects.toThrow('not needed');
  const third = prefetch({ workerUrl, signal: first.signal }).catch(() => 'ended');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(harness.calls('prefetch')).toHaveLength(1);
  first.abort();
  expect(await Promise.all([going, third])).toEqual(['ended', 'ended']);
});

it('a session waits for a running prefetch until its assets deadline, and loads nothing beside it', async () => {
  harness = new Harness({ script: { prefetch: 'never' }, properties: { deadlines: { assets: 2_000 } } });
  const { workerUrl } = harness.element;
  const abort = new AbortController();
  const going = prefetch({ workerUrl, signal: abort.signal }).catch(() => 'ended');
  await until(() => harness.calls('prefetch').length === 1, 'the prefetch');
  const outcome = harness.start();
  await harness.reached('failed');
  expect(await outcome).toMatchObject({ code: 'AssetsTimedOut' });
  expect(harness.calls('load')).toEqual([]);
  abort.abort();
  expect(await going).toBe('ended');
});

it('passes the progress of a running prefetch to whoever waits for it', async () => {
  harness = new Harness({ script: { prefetch: 'never', share: 0.4 } });
  const abort = new AbortController();
  const shares: number[] = [];
  const going = prefetch({ workerUrl: harness.element.workerUrl, signal: abort.signal }).catch(() => 'ended');
  const waiting = prefetched(resolveAssets(''), 60_000, (share) => shares.push(share));
  await until(() => shares.length > 0, 'the share');
  abort.abort();
  await Promise.all([going, waiting]);
  expect(shares).toEqual([0.4]);
});

it('passes no more progress to a waiter that was aborted, but does to the others', async () => {
  harness = new Harness({ script: { prefetch: 'never', share: [] } });
  const { workerUrl } = harness.element;
  const [first, second, waiting] = [new AbortController(), new AbortController(), new AbortController()];
  const shares: Record<string, number[]> = { first: [], second: [], waiting: [] };
  const hear = (who: string) => (share: number) => void shares[who]?.push(share);
  const going = prefetch({ workerUrl, signal: first.signal, onProgress: hear('first') }).catch(() => 'ended');
  const waited = prefetched(resolveAssets(''), 60_000, hear('waiting'), waiting.signal);
  const asked = prefetch({ workerUrl, signal: second.signal, onProgress: hear('second') }).catch(() => 'ended');
  await until(() => harness.calls('prefetch').length === 1, 'the prefetch');
  second.abort();
  waiting.abort();
  expect(await asked).toBe('ended');
  harness.direct({ share: 0.7 });
  await until(() => shares.first?.length === 1, 'the share');
  expect(shares).toEqual({ first: [0.7], second: [], waiting: [] });
  first.abort();
  await Promise.all([going, waited]);
});

it('a session that joins a running prefetch reports the progress made so far', async () => {
  harness = new Harness({ script: { prefetch: 'never', share: 0.4 } });
  const abort = new AbortController();
  const { workerUrl } = harness.element;
  let going: Promise<unknown> | undefined;
  await new Promise<number>((onProgress) => {
    going = prefetch({ workerUrl, signal: abort.signal, onProgress }).catch(() => 'ended');
  });
  const outcome = harness.start();
  const isTold = (event: Event) =>
    event instanceof LivenessProgressEvent && event.phase === 'loading' && event.progress === 0.4;
  await until(() => harness.events.some(isTold), 'the share');
  expect(harness.calls('load')).toEqual([]);
  harness.element.cancel();
  expect(await outcome).toMatchObject({ code: 'UserCanceledSession' });
  abort.abort();
  await going;
});

it('an element with preload and autostart loads in its session, without a prefetch', async () => {
  harness = new Harness({ properties: STARTING });
  await until(() => harness.calls('load').length === 1, 'the session');
  expect(harness.calls('prefetch')).toEqual([]);
});

it('assets set to null mean the default, so that setting an empty string fetches nothing again', async () => {
  harness = new Harness({ properties: { preload: true, assets: null as never } });
  await until(() => harness.calls('prefetch').length === 1, 'the prefetch');
  Object.assign(harness.element, { assets: '' });
  await harness.element.updateComplete;
  await harness.framing();
  expect(harness.calls('prefetch')).toHaveLength(1);
});

it('prefetches after a session that failed before the files were loaded', async () => {
  connect({});
  harness = new Harness({ properties: STARTING, script: { load: 'never' } });
  await harness.reached('failed');
  await until(() => harness.calls('prefetch').length === 1, 'the prefetch');
});

it('prefetches other assets that were set while its session loaded, once the session has ended', async () => {
  harness = new Harness({ properties: STARTING });
  const { element } = harness;
  element.addEventListener('liveness-state', () => (element.assets = '/other/'), { once: true });
  await harness.reached('framing');
  element.cancel();
  await until(() => harness.calls('prefetch').length > 0, 'the prefetch');
  expect(harness.calls('prefetch')).toMatchObject([{ given: { wasm: expect.stringContaining('/other/') as string } }]);
});

it('starts no prefetch if the page is left while its session loads', async () => {
  harness = new Harness({ properties: STARTING, script: { load: 'never' } });
  await until(() => harness.calls('load').length === 1, 'the session');
  dispatchEvent(new PageTransitionEvent('pagehide'));
  await harness.reached('failed');
  await harness.element.updateComplete;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(harness.calls('prefetch')).toEqual([]);
});

it('prefetches no files its session has loaded, but does prefetch other assets after it', async () => {
  harness = new Harness({ properties: STARTING });
  await harness.reached('framing');
  harness.element.cancel();
  await harness.element.updateComplete;
  void harness.start();
  await until(() => harness.states.filter((state) => state === 'framing').length === 2, 'the second try');
  harness.element.assets = '/other/';
  await harness.element.updateComplete;
  expect(harness.calls('prefetch')).toEqual([]);
  harness.element.cancel();
  await until(() => harness.calls('prefetch').length > 0, 'the prefetch');
  expect(harness.calls('prefetch')).toMatchObject([{ given: { wasm: expect.stringContaining('/other/') as string } }]);
});
