/** No word of any locale is too long for the narrowest embed: measured in the element, with its own styles. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadStrings, LOCALES } from '../../src/strings/localize.js';
import type { LivenessStrings } from '../../src/strings/strings.js';
import { Harness, TOKEN, until } from './harness.js';

/** Lines that have room above the ring, which therefore stays where it is while the title changes. */
const LINES = 3;

let harness: Harness;

beforeAll(() => {
  harness = new Harness({ properties: { authToken: TOKEN } });
  harness.element.style.inlineSize = '280px';
  // The element breaks words that are too long. Here they must stick out, so that they can be found.
  const unbroken = new CSSStyleSheet();
  unbroken.replaceSync('* { overflow-wrap: normal !important; }');
  harness.root.adoptedStyleSheets.push(unbroken);
});
afterAll(() => harness.dispose());

it.each(LOCALES)('every title and button of %s fits a width of 280 pixels, titles in three lines', async (tag) => {
  const strings = await loadStrings(tag);
  const section = harness.root.querySelector('section') as HTMLElement;
  harness.element.lang = tag;
  await until(() => section.lang === tag, tag);
  const tooLong: string[] = [];
  for (const { title, button = strings.start } of shown(strings)) {
    harness.element.strings = { idle: { title }, start: button };
    await harness.element.updateComplete;
    const heading = harness.root.querySelector('h2') as HTMLElement;
    const lines = heading.offsetHeight / Number.parseFloat(getComputedStyle(heading).lineHeight);
    if (lines > LINES + 0.1) tooLong.push(`${title} (${lines.toFixed(0)} lines)`);
    for (const element of [heading, harness.button(button), section]) {
      if (element.scrollWidth > element.clientWidth) tooLong.push(`${title} / ${button} (${element.localName})`);
    }
  }
  expect(tooLong).toEqual([]);
});

/** Every title, and every button together with the title of `idle`. */
function shown(strings: LivenessStrings): { title: string; button?: string }[] {
  const { idle, preparing, paused, offline, submitting, succeeded, prompt, guidance, escalated } = strings;
  const states = [idle, preparing, paused, offline, submitting, succeeded, prompt];
  const titles = [...states, ...Object.values(strings.failed)].map(({ title }) => title);
  const { start, cancel, tryAgain, agree, decline, speak } = strings;
  return [
    ...[...titles, ...Object.values(guidance), ...Object.values(escalated)].map((title) => ({ title })),
    ...[start, cancel, tryAgain, agree, decline, speak].map((button) => ({ title: idle.title, button })),
  ];
}
