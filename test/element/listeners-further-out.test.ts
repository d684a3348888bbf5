/** Listeners on the element that cancel or start: listeners on the document hear the events in order. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LivenessEventMap, LivenessStateEvent } from '../../src/events.js';
import { Harness, until } from './harness.js';

let harness: Harness;
/** What the document heard, in order: names of states, or types of other events. */
const heard: string[] = [];
const told = (event: Event) => heard.push('state' in event ? (event as LivenessStateEvent).state : event.type);
const TYPES = ['liveness-state', 'liveness-error', 'liveness-cancel', 'liveness-complete'] as const;

beforeEach(() => {
  heard.length = 0;
  for (const type of TYPES) document.addEventListener(type, told);
});
afterEach(async () => {
  for (const type of TYPES) document.removeEventListener(type, told);
  await harness.dispose();
});

function on(state: string, listener: () => void): void {
  harness.element.addEventListener('liveness-state', (event: LivenessEventMap['liveness-state']) => {
    if (event.state === state) listener();
  });
}

it('a listener that cancels turns the camera off at once, and the document hears canceled last', async () => {
  harness = new Harness();
  on('framing', () => {
    harness.element.cancel();
    expect(harness.held()).toEqual([]);
  });
  expect(await harness.start()).toMatchObject({ code: 'UserCanceledSession' });
  expect(heard).toEqual(['preparing', 'framing', 'canceled', 'liveness-cancel']);
});

it('if a listener cancels and starts again, the document hears the end before the new session', async () => {
  harness = new Harness();
  on('framing', () => {
    if (heard.includes('framing')) return;
    harness.element.cancel();
    void harness.start();
  });
  void harness.start();
  await until(() => heard.length === 6, 'the other session');
  expect(heard).toEqual(['preparing', 'framing', 'canceled', 'liveness-cancel', 'preparing', 'framing']);
});

it('if a listener of failed starts again, the document hears the error before the new session', async () => {
  harness = new Harness({ script: { report: { phase: 'failed', failure: 'EnvironmentNotSupported' } } });
  on('failed', () => {
    harness.report({ phase: 'captured' });
    void harness.start();
  });
  expect(await harness.start()).toMatchObject({ code: 'EnvironmentNotSupported' });
  await until(() => heard.length === 5, 'the other session');
  expect(heard).toEqual(['preparing', 'framing', 'failed', 'liveness-error', 'preparing']);
  await harness.reached('succeeded');
});

it('a listener that starts again after each immediate error does not block the page', async () => {
  harness = new Harness();
  harness.element.workerUrl = 'http://';
  let tries = 0;
  harness.element.addEventListener('liveness-error', () => {
    if (tries++ < 1_000) void harness.start();
  });
  void harness.start();
  await until(() => tries > 5, 'some tries');
  expect(tries, 'it was asked in between').toBeLessThan(1_000);
  tries = Infinity;
});
