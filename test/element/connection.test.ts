/** A connection lost while the device claims to be online. How often calls are retried: `test/unit/retry.test.ts`. */
import { afterEach, expect, it, vi } from 'vitest';
import { en } from '../../src/strings/en.js';
import { allowLeaps, Harness, until } from './harness.js';

const LOST = { ok: false, failure: { code: 'ServiceUnreachable', message: 'as told' } } as const;

let harness: Harness;
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await harness.dispose();
});

const shows = (title: string) => until(() => harness.title === title, `“${title}”, not “${harness.title}”`);

it('shows the offline words while the upload finds no connection, and the submitting words once it does', async () => {
  harness = new Harness({ script: { report: { phase: 'captured' }, submit: LOST } });
  void harness.start();
  await shows(en.offline.title);
  expect(harness.text).toBe(en.offline.text);
  expect(harness.buttons).toEqual([en.cancel]);
  harness.direct({ submit: 'never' });
  await shows(en.submitting.title);
});

it.each([
  ['until more than the cached share arrives', [0.3, 0.4], en.preparing.title],
  ['even if the cached share is there', [0.3], en.offline.title],
])('shows the offline words while the detector cannot be loaded, %s', async (_, share, title) => {
  harness = new Harness({ script: { load: LOST, share: 0.3 } });
  void harness.start();
  await shows(en.offline.title);
  const before = harness.calls('load').length;
  harness.direct({ load: 'never', share });
  await until(() => harness.calls('load').length > before, 'another try');
  await shows(title);
});

it('repeats session/start with the same client request id if no answer comes within 8 seconds', async () => {
  allowLeaps();
  const timeout = vi.spyOn(AbortSignal, 'timeout');
  timeout.mockImplementation((milliseconds) => {
    const late = new AbortController();
    setTimeout(() => late.abort(new DOMException('as told', 'TimeoutError')), milliseconds);
    return late.signal;
  });
  harness = new Harness({ attempt: null });
  const outcome = harness.start();
  const asked = () => harness.requests.filter(({ path }) => path === '/session/start');
  await until(() => asked().length === 1, 'the first');
  expect(timeout.mock.calls).toEqual([[8_000]]);
  vi.advanceTimersByTime(8_000);
  await until(() => asked().length === 2, 'the second');
  expect(asked()[1]?.id).toBe(asked()[0]?.id);
  harness.element.cancel();
  await outcome;
});

it('ends with UserCanceledSession if canceled while offline, and terminates the worker', async () => {
  harness = new Harness({ script: { load: LOST } });
  const outcome = harness.start();
  await shows(en.offline.title);
  harness.button(en.cancel).click();
  expect(await outcome).toMatchObject({ code: 'UserCanceledSession' });
  expect(harness.workers.size).toBe(0);
});
