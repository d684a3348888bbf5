/** An element moved into another document of its page, as by a portal into a frame, looks and works as before. */
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

/** A few computed values that are set in the element's own style sheet. */
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

it('keeps its session and its styles when moved into a frame and back', async () => {
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
  ['navigates', () => (frame.src = 'about:blank?')],
])('turns the camera off when the frame that it was moved into %s', async (_, leave) => {
  harness = new Harness();
  const outcome = harness.start();
  await harness.reached('framing');
  elsewhere().append(harness.element);
  leave();
  expect(await outcome).toMatchObject({ code: 'UserCanceledSession' });
  expect(harness.held()).toEqual([]);
});

it('in a frame, the lamp goes off while another control has the focus, and comes back on blur', async () => {
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

it('the session goes on when a frame that the element has left is removed', async () => {
  harness = new Harness();
  await harness.framing();
  elsewhere().append(harness.element);
  document.body.append(harness.element);
  frame.remove();
  expect(harness.states).toEqual(['preparing', 'framing']);
});

describe('in a document without a window', () => {
  const windowless = () => document.implementation.createHTMLDocument().body;

  it('turns the camera off and says nothing more when it is moved there', async () => {
    allowLeaps();
    harness = new Harness();
    await harness.framing();
    windowless().append(harness.element);
    await harness.reached('canceled');
    await harness.element.updateComplete;
    vi.advanceTimersByTime(30_000);
    await harness.element.updateComplete;
    expect(harness.held()).toEqual([]);
    expect(harness.spoken).not.toContain(en.failed.canceled.title);
  });

  it.each([
    ['that never had one', windowless],
    [
      'whose frame is removed',
      () => {
        const body = elsewhere();
        frame.remove();
        return body;
      },
    ],
  ])('%s, cancels a start() and leaves the camera to other elements', async (_, place) => {
    harness = new Harness();
    place().append(harness.element);
    expect(await harness.start()).toMatchObject({ code: 'UserCanceledSession' });
    expect(harness.cameraRequests).toBe(0);
    document.body.append(harness.element);
    await harness.framing();
  });

  it('autostart waits for one that has a window', async () => {
    harness = new Harness();
    windowless().append(harness.element);
    Object.assign(harness.element, { autostart: true, authToken: TOKEN });
    await harness.element.updateComplete;
    await Promise.resolve();
    expect(harness.states).toEqual([]);
    document.body.append(harness.element);
    await harness.reached('framing');
    expect(harness.states).toEqual(['preparing', 'framing']);
  });
});

describe('an element created in one document and connected to another', () => {
  const made = () => {
    harness = new Harness();
    const { workerUrl } = harness.element;
    const element = Object.assign(document.createElement('face-liveness'), { authToken: TOKEN, workerUrl });
    return { element, root: () => element.shadowRoot as ShadowRoot };
  };

  it('is styled and runs in a frame', async () => {
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

  it('is styled in its next document after one without a window', async () => {
    const { element, root } = made();
    document.implementation.createHTMLDocument().body.append(element);
    document.body.append(element);
    await element.updateComplete;
    expect(look(root())).toEqual(STYLED);
    element.remove();
  });
});
