/// <reference types="@vitest/browser-playwright" />
/** `requestFullscreen()` on the element: it fills the screen instead of being a card on it. */
import { userEvent } from 'vitest/browser';
import { afterEach, expect, it } from 'vitest';
import { Harness, until } from './harness.js';

let harness: Harness;

afterEach(async () => {
  if (document.fullscreenElement) await document.exitFullscreen();
  await harness.dispose();
});

it('fills the screen without rounded corners, and gets them back on exit', async () => {
  harness = new Harness();
  await harness.framing();
  const base = harness.root.querySelector('.base') as HTMLElement;
  const corners = getComputedStyle(base).borderRadius;
  base.addEventListener('click', () => void harness.element.requestFullscreen(), { once: true });
  await userEvent.click(base);
  await until(() => harness.element.matches(':fullscreen'), 'full screen');
  const { left, top, right, bottom } = base.getBoundingClientRect();
  expect([left, top, right, bottom]).toEqual([0, 0, innerWidth, innerHeight]);
  expect(getComputedStyle(base).borderRadius).toBe('0px');
  await document.exitFullscreen();
  await until(() => !harness.element.matches(':fullscreen'), 'the page again');
  expect(getComputedStyle(base).borderRadius).toBe(corners);
  expect(harness.states).toEqual(['preparing', 'framing']);
});
