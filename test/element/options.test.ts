/** What a page sets: late, anew, or not at all. */
import { afterEach, expect, it } from 'vitest';
import { en } from '../../src/strings/en.js';
import { attemptOf } from '../unit/samples.js';
import { tokenOf } from '../unit/token-of.js';
import { Harness, TOKEN, until, type Options } from './harness.js';

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(() => harness.dispose());

const OTHER_TOKEN = tokenOf({ aud: 'https://service.invalid', jti: 'another' });
const CAPTURED = { report: { phase: 'captured' } } as const;

it('what a framework binds to nothing is not set', async () => {
  mount({ script: CAPTURED });
  Object.assign(harness.element, { strings: null, policy: null, deadlines: null });
  await harness.element.updateComplete;
  expect(harness.title).toBe(en.idle.title);
  await harness.start();
  expect(harness.state).toBe('succeeded');
});

it('InvalidToken: none', async () => {
  mount();
  await expect(harness.element.start(null as unknown as string)).rejects.toMatchObject({ code: 'InvalidToken' });
});

it('another token after an end: its session can be started, and is where the element starts by itself', async () => {
  mount({ script: CAPTURED });
  await harness.start();
  await harness.element.updateComplete;
  expect(harness.buttons).toEqual([]);
  harness.element.authToken = OTHER_TOKEN;
  await harness.element.updateComplete;
  expect(harness.title).toBe(en.idle.title);
  expect(harness.buttons).toEqual([en.start]);
  const succeeded = (times: number) =>
    until(() => harness.states.filter((state) => state === 'succeeded').length === times, `success ${times}`);
  harness.element.autostart = true;
  await succeeded(2);
  harness.element.authToken = TOKEN;
  await succeeded(3);
  expect(harness.states.slice(-5)).toEqual(['idle', 'preparing', 'framing', 'submitting', 'succeeded']);
});

it.each([true, false])('another token during a run that fails: as after it; autostart: %s', async (autostart) => {
  mount({ properties: { autostart } });
  void harness.start();
  await harness.reached('framing');
  harness.element.authToken = OTHER_TOKEN;
  await harness.element.updateComplete;
  expect(harness.states).toEqual(['preparing', 'framing']);
  harness.report({ phase: 'failed', failure: 'FaceTrackingFailed' });
  await until(() => harness.states.includes('idle'), 'another start');
  harness.report({});
  await harness.element.updateComplete;
  if (autostart) await until(() => harness.states.at(-1) === 'framing', 'the other session');
  else expect(harness.buttons).toEqual([en.start]);
});

it('another token during a run that succeeds: what is shown stays', async () => {
  mount();
  const done = harness.start();
  await harness.reached('framing');
  harness.element.authToken = OTHER_TOKEN;
  harness.report({ phase: 'captured' });
  await done;
  await harness.element.updateComplete;
  expect(harness.title).toBe(en.succeeded.title);
});

it('a token that was refused is not tried again', async () => {
  mount({ properties: { autostart: true, authToken: 'no token' } });
  await harness.reached('failed');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(harness.states).toEqual(['failed']);
});

it('TimedOut: when the service’s time for the attempt is over, not after the upload', async () => {
  const attempt = attemptOf();
  mount({ attempt: { ...attempt, limits: { ...attempt.limits, seconds: 0.3 } } });
  expect(await harness.start()).toMatchObject({ code: 'TimedOut' });
});

it.each([
  ['cannot be read', () => Promise.reject(new Error('gone'))],
  ['never comes', () => new Promise<never>(() => undefined)],
])('a verify image that %s uses up no attempt', async (_, arrayBuffer) => {
  const verifyImage = Object.assign(new Blob(), { arrayBuffer });
  mount({ properties: { verifyImage, deadlines: { sessionStart: 300 } } });
  const message = expect.stringContaining('verifyImage') as string;
  expect(await harness.start()).toMatchObject({ code: 'Unexpected', message });
  expect(harness.requests).toEqual([]);
});
