/** What is shown and announced while a locale is loading, and if it never comes. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../src/strings/en.js';
import de from '../../src/strings/locales/de.js';
import type * as localize from '../../src/strings/localize.js';
import type { LivenessStrings } from '../../src/strings/strings.js';
import { Harness, until } from './harness.js';

let harness: Harness;
afterEach(async () => {
  loads.next = null;
  await harness.dispose();
});

const loads = vi.hoisted(() => ({ next: null as (() => Promise<unknown>) | null }));
vi.mock('../../src/strings/localize.js', async (original) => {
  const real = await original<typeof localize>();
  return { ...real, loadStrings: (locale: string) => loads.next?.() ?? real.loadStrings(locale) };
});

const section = () => harness.root.querySelector('section') as HTMLElement;
const words = () => harness.root.querySelector('[part=words]') as HTMLElement;
const seen = () => getComputedStyle(words()).visibility === 'visible';

it('shows and announces nothing until the words are loaded, and keeps their place free', async () => {
  let arrive: (strings: LivenessStrings) => void = () => undefined;
  loads.next = () => new Promise((resolve) => (arrive = resolve));
  // A text of equal length in both languages: the element cannot know how much room the other words will need.
  harness = new Harness({ properties: { lang: 'de', strings: { idle: { text: '1 / 3' } } } });
  await harness.element.updateComplete;
  expect(seen()).toBe(false);
  const place = words().offsetHeight;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(harness.spoken).toBe('');
  arrive(de);
  await until(seen, 'the words');
  expect(harness.title).toBe(de.idle.title);
  await until(() => harness.spoken.startsWith(de.idle.title), 'the live region');
  expect(words().offsetHeight).toBe(place);
});

it('shows English if the locale cannot be fetched, and the session goes on', async () => {
  loads.next = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
  harness = new Harness({ properties: { lang: 'de' } });
  await harness.framing();
  await until(seen, 'the words');
  expect(section().lang).toBe('en');
  expect(harness.title).toBe(en.guidance.noFace);
});

it.each([
  ['when a session starts', () => harness.start()],
  ['when the device is online again', () => dispatchEvent(new Event('online'))],
  ['when the page sets a language', () => document.documentElement.setAttribute('lang', document.documentElement.lang)],
])('tries a locale again that could not be fetched %s', async (_, happens) => {
  let tries = 0;
  loads.next = () => {
    tries++;
    return Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
  };
  harness = new Harness({ properties: { lang: 'de' }, script: { load: 'never' } });
  await harness.element.updateComplete;
  await until(seen, 'the words');
  expect([tries, section().lang], 'and until then it is not').toEqual([1, 'en']);
  loads.next = null;
  void happens();
  await until(() => section().lang === 'de', 'German');
});

it('keeps the previous words if another locale cannot be fetched', async () => {
  harness = new Harness({ properties: { lang: 'de' } });
  await harness.element.updateComplete;
  await until(() => section().lang === 'de', 'German');
  let tries = 0;
  loads.next = () => {
    tries++;
    return Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
  };
  harness.element.lang = 'ar';
  await until(() => tries === 1, 'the try');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([harness.title, section().lang]).toEqual([de.idle.title, 'de']);
});

it('shows the language requested last, even if an earlier one arrives later', async () => {
  let arrive: (strings: LivenessStrings) => void = () => undefined;
  loads.next = () => new Promise((resolve) => (arrive = resolve));
  harness = new Harness({ properties: { lang: 'de' } });
  await harness.element.updateComplete;
  loads.next = null;
  harness.element.lang = 'ar';
  await until(() => section().lang === 'ar', 'Arabic');
  arrive(de);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(section().lang).toBe('ar');
});

describe('a slow locale', () => {
  let arrive: (strings: LivenessStrings) => void;
  const pass = async (milliseconds: number) => {
    vi.advanceTimersByTime(milliseconds);
    await harness.element.updateComplete;
  };
  beforeEach(() => {
    loads.next = () => new Promise((resolve) => (arrive = resolve));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    harness = new Harness({ properties: { lang: 'de' } });
  });
  afterEach(() => vi.useRealTimers());

  it('is replaced by English after 3 seconds, until it arrives', async () => {
    await pass(2_900);
    expect(seen()).toBe(false);
    await pass(200);
    expect(seen()).toBe(true);
    expect([harness.title, section().lang]).toEqual([en.idle.title, 'en']);
    arrive(de);
    await pass(0);
    await harness.element.updateComplete;
    expect([harness.title, section().lang]).toEqual([de.idle.title, 'de']);
  });

  it('is all that is ever on screen if it arrived in time', async () => {
    await harness.element.updateComplete;
    const shown = new Set<string>();
    // A MutationObserver is called before a change is painted.
    const observer = new MutationObserver(() => seen() && shown.add(harness.title));
    observer.observe(harness.root, { subtree: true, childList: true, characterData: true, attributes: true });
    await pass(2_900);
    arrive(de);
    await pass(0);
    await pass(5_000);
    observer.disconnect();
    expect([harness.title, section().lang]).toEqual([de.idle.title, 'de']);
    expect([...shown]).toEqual([de.idle.title]);
  });
});
