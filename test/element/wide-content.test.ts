/// <reference types="@vitest/browser-playwright" />
/** However wide camera names and slotted content are, the element keeps its own width. */
import { page } from 'vitest/browser';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Harness, TOKEN } from './harness.js';

const SCREENS = {
  '320 px': [320, 568],
  phone: [390, 844],
  'phone in landscape': [844, 390],
  desktop: [1280, 800],
} as const;

/** Camera labels as Chromium makes them, with maker and USB id. */
const LABELS = {
  usual: 'Logitech Webcam C925e (046d:085b)',
  long: 'Integrated RGB Camera (Realtek Semiconductor Corp. 0bda:5520)',
  'extremely long': 'Camera '.repeat(60),
};

let harness: Harness;

afterEach(() => harness.dispose());
afterAll(() => page.viewport(390, 844));

describe.each(Object.entries(SCREENS))('screen: %s', (_, [width, height]) => {
  it.each(Object.entries(LABELS))('nothing moves or sticks out with a camera name that is %s', async (_name, label) => {
    await page.viewport(width, height);
    harness = new Harness();
    await harness.framing();
    const before = places('.ring', 'h2');
    await harness.plugIn('FaceTime HD Camera', label);
    expect(places('.ring', 'h2')).toEqual(before);
    expect(outside()).toEqual([]);
  });

  it.each(['header', 'actions', 'footer'])(
    'nothing moves or sticks out with a wide picture and a long word in the slot %s',
    async (slot) => {
      await page.viewport(width, height);
      harness = new Harness({ properties: { authToken: TOKEN } });
      await harness.element.updateComplete;
      const before = places('.ring', 'h2');
      const picture = document.createElement('canvas');
      picture.width = 1600;
      const words = document.createElement('a');
      words.textContent = 'x'.repeat(300);
      for (const content of [picture, words]) {
        content.slot = slot;
        harness.element.append(content);
      }
      expect(places('.ring', 'h2')).toEqual(before);
      expect(outside()).toEqual([]);
    },
  );
});

/** The left and right edge of each element, in pixels from the left of the page. */
function places(...selectors: string[]): number[][] {
  return selectors.map((selector) => {
    const { left, right } = (harness.root.querySelector(selector) as Element).getBoundingClientRect();
    return [left, right];
  });
}

/** What sticks out of the element, and whether the page scrolls sideways. */
function outside(): string[] {
  const { root, element } = harness;
  const { left, right } = element.getBoundingClientRect();
  const found = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  for (const one of [
    ...root.querySelectorAll<HTMLElement>('.base, .actions, .words, button, select'),
    ...element.children,
  ]) {
    const box = one.getBoundingClientRect();
    if (box.left < left || box.right > right) found.push(`${one.localName}.${one.className}`);
  }
  return found;
}
