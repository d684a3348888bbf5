/** A page that is told that it is prerendered. `test/e2e/support.spec.ts` makes Chromium prerender one. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prefetch } from '../../src/prefetch.js';
import { checkSupport } from '../../src/support.js';
import { Harness, until } from './harness.js';

let harness: Harness;

beforeEach(() => {
  Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
  harness = new Harness();
});

afterEach(async () => {
  activate();
  await harness.dispose();
});

function activate(): void {
  Object.defineProperty(document, 'prerendering', { value: false, configurable: true });
  document.dispatchEvent(new Event('prerenderingchange'));
}

/** Long enough for anything that begins too soon. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 300));

it('support check, prefetch and session begin only once the page is activated', async () => {
  const { workerUrl } = harness.element;
  const checked = checkSupport({ workerUrl });
  const fetched = prefetch({ workerUrl });
  void harness.start();
  await soon();
  expect(harness.heard).toEqual([]);
  expect(harness.cameraRequests).toBe(0);
  activate();
  expect(await checked).toMatchObject({ supported: true });
  await fetched;
  await harness.reached('framing');
});

it('a session canceled before activation begins nothing on activation', async () => {
  const outcome = harness.start();
  await until(() => harness.state === 'preparing', 'the start');
  harness.element.cancel();
  expect(await outcome).toMatchObject({ code: 'UserCanceledSession' });
  activate();
  await soon();
  expect(harness.heard).toEqual([]);
  expect(harness.cameraRequests).toBe(0);
  expect(harness.workers.size).toBe(0);
});

it('a prefetch aborted before activation begins nothing on activation', async () => {
  const abort = new AbortController();
  const fetched = prefetch({ workerUrl: harness.element.workerUrl, signal: abort.signal });
  abort.abort(new Error('not needed'));
  await expect(fetched).rejects.toThrow('not needed');
  activate();
  await soon();
  expect(harness.heard).toEqual([]);
});
