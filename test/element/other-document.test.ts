/** Moved into another document of its page, as by a portal into a frame: it looks and goes on as before. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../src/strings/en.js';
import { allowLeaps, Harness, hint, TOKEN, until } from './harness.js';

let harness: Harness;
let frame: HTMLIFrameElement;
const elsewhere = () => (frame.contentDocument as Document).body;

beforeEach(() => {
  frame = document.createElement('iframe');
  frame.style.cssText = 'inline-size: 390px; block-size: 800px';
  document.body.append(frame);
});
afterEach(async () => {
  vi.useRealTimers();
  await harness.dispose();
  frame.remove();
});

/** What the element's own styles make of it. */
function look(root = harness.root): Record<string, string> {
  const styleOf = (selector: string) => getComputedStyle(root.querySelector(selector) as Element);
  return {
    base: styleOf('.base').display,
    video: styleOf('video').borderRadius,
    outline: styleOf('.outline').fill,
    button: styleOf('button').minBlockSize,
  };
}

const STYLED = { base: 'grid', video: '50%', outline: 'none', button: '48px' };

it('moved there and back while it runs: the session goes on, and nothing is lost of the look', async () => {
  harness = new Harness();
  await harness.framing();
  expect(look()).toEqual(STYLED);
  for (const place of [elsewhere(), document.body]) {
    place.append(harness.element);
    await harness.element.updateComplete;
    expect(look()).toEqual(STYLED);
    const before = harness.calls('analyse').length;
    await until(() => harness.calls('analyse').length > before + 2, 'pictures');
  }
  expect(harness.states).toEqual(['preparing', 'framing']);
  elsewhere().append(harness.element);
  harness.element.remove();
  await harness.reached('canceled');
  expect(harness.held()).toEqual([]);
});

it.each([
  ['is removed', () => frame.remove()],
  ['goes to another page', () => (frame.src = 'about:blank?')],
])('the frame that it was moved into %s: the camera is off', async (_, leave) => {
  harness = new Harness();
  const outcome = harness.start();
  await harness.reached('framing');
  elsewhere().append(harness.element);
  leave();
  expect(await outcome).toMatchObject({ code: 'UserCanceledSession' });
  expect(harness.held()).toEqual([]);
});

it('the focus hides the lamp there too, and no longer once nothing has it', async () => {
  allowLeaps();
  harness = new Harness({ script: { report: hint('tooDark') } });
  const link = elsewhere().appendChild(document.createElement('button'));
  elsewhere().append(harness.element);
  await harness.framing();
  vi.advanceTimersByTime(1_000);
  const isLit = () => harness.root.querySelector('.lit') !== null;
  await until(isLit, 'the lamp');
  link.focus();
  await harness.element.updateComplete;
  expect(isLit()).toBe(false);
  harness.button(en.cancel).focus();
  link.focus();
  link.blur();
  await harness.element.updateComplete;
  expect(isLit()).toBe(true);
});

it('a frame that it has left again ends nothing', async () => {
  harness = new Harness();
  await harness.framing();
  elsewhere().append(harness.element);
  document.body.append(harness.element);
  frame.remove();
  expect(harness.states).toEqual(['preparing', 'framing']);
});

describe('made here and shown there first', () => {
  const made = () => {
    harness = new Harness();
    const { workerUrl } = harness.element;
    const element = Object.assign(document.createElement('face-liveness'), { authToken: TOKEN, workerUrl });
    return { element, root: () => element.shadowRoot as ShadowRoot };
  };

  it('it has its look, and runs', async () => {
    const { element, root } = made();
    elsewhere().append(element);
    await element.updateComplete;
    expect(look(root())).toEqual(STYLED);
    const framing = new Promise((resolve) => {
      element.addEventListener('liveness-state', ({ state }) => state === 'framing' && resolve(state));
    });
    element.start().catch(() => undefined); // canceled below
    await framing;
    expect(look(root())).toEqual(STYLED);
    element.remove();
  });

  it('where there is a document without a window: it has its look in the next', async () => {
    const { element, root } = made();
    document.implementation.createHTMLDocument().body.append(element);
    document.body.append(element);
    await element.updateComplete;
    expect(look(root())).toEqual(STYLED);
    element.remove();
  });
});
