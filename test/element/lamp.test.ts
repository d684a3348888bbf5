/// <reference types="@vitest/browser-playwright" />
/** The lamp: when it comes on, when it goes off, and that words can be read while it is on. */
import { cdp } from 'vitest/browser';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LivenessEventMap } from '../../src/events.js';
import type { GuidanceCode } from '../../src/protocol/guidance.js';
import type { CapturePhase } from '../../src/protocol/worker-api.js';
import { en } from '../../src/strings/en.js';
import { contrast } from './contrast.js';
import { Harness, hint } from './harness.js';
import { hidePage, showPage } from './page-visibility.js';

let harness: Harness;

// The clock moves only when the test advances it, so that intervals are exact on a slow machine too.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(async () => {
  vi.useRealTimers();
  showPage();
  await harness.dispose();
});

const isLit = async () => {
  await harness.element.updateComplete;
  return harness.root.querySelector('.lit') !== null;
};
const comes = (type: keyof LivenessEventMap) =>
  new Promise((resolve) => harness.element.addEventListener(type, resolve, { once: true }));
const tell = async (code: GuidanceCode, phase: CapturePhase = 'framing') => {
  const told = comes('liveness-guidance');
  harness.report({ phase, ...hint(code) });
  await told;
};

async function dark(): Promise<void> {
  harness = new Harness({ script: { report: hint('tooDark'), submit: 'never' } });
  const told = comes('liveness-guidance');
  void harness.start();
  await told;
}

it('the lamp comes on only after a full second of darkness, and then stays on', async () => {
  await dark();
  vi.advanceTimersByTime(900);
  expect(await isLit(), 'at once').toBe(false);
  await tell('moveLeft');
  vi.advanceTimersByTime(1_000);
  expect(await isLit(), 'once it is bright again').toBe(false);
  await tell('tooDark');
  vi.advanceTimersByTime(900);
  expect(await isLit(), 'as it begins anew').toBe(false);
  vi.advanceTimersByTime(100);
  expect(await isLit()).toBe(true);
  await tell('moveLeft');
  expect(await isLit(), 'since it would be dark again without').toBe(true);
});

it('the lamp goes off when the camera stalls, and comes on again when it shows a dark room', async () => {
  await dark();
  vi.advanceTimersByTime(1_000);
  expect(await isLit()).toBe(true);
  await tell('cameraStalled');
  expect(await isLit()).toBe(false);
  await tell('tooDark');
  vi.advanceTimersByTime(1_000);
  expect(await isLit(), 'and is again once it shows a dark room').toBe(true);
});

it('the lamp stays on through the prompt and the head turns, and goes off for submitting', async () => {
  await dark();
  const asked = comes('liveness-state');
  harness.report({ phase: 'prompting', promptReason: 'tooDark' });
  await asked;
  vi.advanceTimersByTime(1_000);
  expect(await isLit(), 'as the question tells of the dark as well').toBe(true);
  harness.button(en.agree).click();
  await tell('lookLeft', 'turning');
  expect([harness.state, await isLit()]).toEqual(['activeMotion', true]);
  await tell('cameraStalled', 'turning');
  await tell('lookLeft', 'turning');
  expect(await isLit(), 'when the camera shows something again, since nothing tells of the dark any more').toBe(true);
  const captured = comes('liveness-state');
  harness.report({ phase: 'captured' });
  await captured;
  expect([harness.state, await isLit()]).toEqual(['submitting', false]);
});

it.each(['cancel', 'remove'] as const)('the lamp does not come on after %s()', async (end) => {
  await dark();
  vi.advanceTimersByTime(900);
  const canceled = comes('liveness-cancel');
  harness.element[end]();
  await canceled;
  vi.advanceTimersByTime(5_000);
  expect(await isLit()).toBe(false);
});

it('the lamp does not come on while the page is hidden', async () => {
  await dark();
  vi.advanceTimersByTime(900);
  hidePage();
  vi.advanceTimersByTime(5_000);
  expect(await isLit()).toBe(false);
});

/** The custom properties for colours, except for the colour of the lamp itself. */
const COLOURS = ['accent', 'on-accent', 'surface', 'text', 'muted', 'track', 'well', 'good', 'bad'];

it.each(['white', 'black', 'grey'])(
  'while the lamp is on, all words are readable, even if a brand has made every colour %s',
  async (colour) => {
    const scheme = (value: string) =>
      cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
    await scheme('dark');
    await dark();
    for (const name of COLOURS) harness.element.style.setProperty(`--face-liveness-${name}`, colour);
    vi.advanceTimersByTime(1_000);
    expect(await isLit()).toBe(true);
    const expectReadable = (...tags: string[]) => {
      const { backgroundColor } = getComputedStyle(harness.root.querySelector('.base') as Element);
      expect(backgroundColor).toBe('rgb(255, 255, 255)');
      const words = [...harness.root.querySelectorAll('h2, p, button')];
      expect(words.map(({ localName }) => localName)).toEqual(tags);
      for (const word of words) {
        const { color, backgroundColor: own } = getComputedStyle(word);
        const behind = own === 'rgba(0, 0, 0, 0)' ? backgroundColor : own;
        expect(contrast(color, behind), word.textContent ?? '').toBeGreaterThan(4.5);
      }
    };
    expectReadable('h2', 'button');
    const asked = comes('liveness-state');
    harness.report({ phase: 'prompting', promptReason: 'tooDark' });
    await asked;
    expect(await isLit()).toBe(true);
    expectReadable('h2', 'p', 'button', 'button');
    await scheme('light');
  },
);
