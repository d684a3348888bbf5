/** Where the keyboard focus is during a session, and what a held key does. */
import { userEvent } from 'vitest/browser';
import { afterEach, expect, it } from 'vitest';
import { en } from '../../src/strings/en.js';
import type { Scene } from '../screenshots/scenes.js';
import { Harness, TOKEN, until } from './harness.js';

let harness: Harness;
afterEach(() => harness.dispose());

it('moves the focus to the next button or the title in each state, and never takes it from elsewhere', async () => {
  const focused = () => harness.root.activeElement?.textContent?.trim() ?? null;
  const start = async (script: Scene['script']) => {
    harness = new Harness({ script, properties: { authToken: TOKEN } });
    await harness.element.updateComplete;
  };
  for (const [script, state, expected] of [
    [{ load: 'never' }, 'preparing', en.cancel],
    [{ report: { phase: 'prompting', promptReason: 'required' } }, 'prompting', en.prompt.title],
    [{ report: { phase: 'captured' }, submit: 'never' }, 'submitting', en.cancel],
    [{ report: { phase: 'captured' } }, 'succeeded', en.succeeded.title],
    [{ report: { phase: 'failed', failure: 'EnvironmentNotSupported' } }, 'failed', en.failed.light.title],
  ] as const) {
    await start(script);
    harness.button(en.start).focus();
    await userEvent.keyboard('{Enter}');
    await harness.reached(state);
    await until(() => focused() === expected, `${expected} in focus, not ${focused()}`);
    await harness.dispose();
  }
  const elsewhere = document.createElement('input');
  document.body.append(elsewhere);
  await start({ report: { phase: 'failed', failure: 'EnvironmentNotSupported' } });
  elsewhere.focus();
  await harness.start();
  await harness.element.updateComplete;
  expect(document.activeElement).toBe(elsewhere);
  elsewhere.remove();
});

it('keeps the focus on the cancel button from framing to submitting, though the connection drops', async () => {
  const offline = { ok: false, failure: { code: 'ServiceUnreachable', message: 'offline' } } as const;
  harness = new Harness({ script: { submit: offline } });
  const isOnCancel = () => harness.root.activeElement === harness.button(en.cancel);
  await harness.framing();
  harness.button(en.cancel).focus();
  Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
  harness.report({ phase: 'captured' });
  await until(() => harness.title === en.offline.title, 'the line to be gone');
  expect(isOnCancel()).toBe(true);
  harness.direct({ submit: 'never' });
  Reflect.deleteProperty(navigator, 'onLine');
  dispatchEvent(new Event('online'));
  await until(() => harness.title === en.submitting.title, 'the line to be back');
  expect(isOnCancel()).toBe(true);
});

it('takes a held Enter as one press, and another Enter as the next', async () => {
  harness = new Harness({ properties: { authToken: TOKEN } });
  await harness.element.updateComplete;
  harness.button(en.start).focus();
  await userEvent.keyboard('{Enter>20/}');
  await harness.reached('framing');
  expect(harness.states).not.toContain('canceled');
  await userEvent.keyboard('{Enter}');
  await harness.reached('canceled');
});
