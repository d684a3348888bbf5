/** The element's words in the language around it: which one, how it changes, how it is laid out. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { en } from '../../src/strings/en.js';
import ar from '../../src/strings/locales/ar.js';
import de from '../../src/strings/locales/de.js';
import type { LivenessStrings, StringOverrides } from '../../src/strings/strings.js';
import { Harness, until, type Options } from './harness.js';

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));
const page = document.documentElement;
const pageLang = page.lang;

beforeEach(() => page.removeAttribute('lang'));
afterEach(async () => {
  await harness.dispose();
  page.lang = pageLang;
});

/** Replaces each text with the same Dhivehi word. */
const inDhivehi = (words: object): object =>
  Object.fromEntries(
    Object.entries(words).map(([key, word]) => [key, typeof word === 'string' ? 'މޫނު' : inDhivehi(word as object)]),
  );
const section = () => harness.root.querySelector('section') as HTMLElement;
const says = (title: string) => until(() => harness.title === title, `"${title}"`);
const middleOf = (element: Element | null) => {
  const { left, width } = (element as Element).getBoundingClientRect();
  return left + width / 2;
};
const prompted = { report: { phase: 'prompting', promptReason: 'required' } } as const;

describe('the language', () => {
  it('is English if the page names none, one without a locale or an invalid tag', async () => {
    mount();
    await harness.element.updateComplete;
    expect([harness.title, section().lang, section().dir]).toEqual([en.idle.title, 'en', 'ltr']);
    harness.element.lang = 'tlh';
    await harness.element.updateComplete;
    expect([harness.title, section().lang]).toEqual([en.idle.title, 'en']);
    harness.element.lang = 'not a tag!';
    await harness.element.updateComplete;
    expect([harness.title, section().lang]).toEqual([en.idle.title, 'en']);
  });

  it('is the element’s, else an ancestor’s, else the page’s, and follows each as it changes', async () => {
    mount();
    page.lang = 'de-AT';
    await says(de.idle.title);
    expect(section().lang, 'the page’s own tag: it chooses the voice').toBe('de-AT');
    const article = document.createElement('article');
    document.body.append(article);
    article.append(harness.element);
    article.lang = 'ar';
    await says(ar.idle.title);
    harness.element.lang = 'en';
    await says(en.idle.title);
    harness.element.removeAttribute('lang');
    await says(ar.idle.title);
    article.removeAttribute('lang');
    await says(de.idle.title);
    article.lang = harness.element.lang = '';
    page.lang = 'ar';
    await says(ar.idle.title);
    page.lang = '';
    await says(en.idle.title);
    article.remove();
  });

  it('is that of the nearest ancestor, even outside of the element’s shadow roots', async () => {
    mount();
    const outer = document.createElement('div');
    const inner = document.createElement('div');
    outer.attachShadow({ mode: 'open' }).append(inner);
    inner.attachShadow({ mode: 'closed' }).append(harness.element);
    document.body.append(outer);
    outer.lang = 'de';
    await says(de.idle.title);
    inner.lang = 'ar';
    await says(ar.idle.title);
    outer.remove();
  });

  it('does not change while the element is removed, and does once it is back', async () => {
    mount();
    page.lang = 'de';
    await says(de.idle.title);
    harness.element.remove();
    page.lang = 'ar';
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(harness.title).toBe(de.idle.title);
    document.body.append(harness.element);
    await says(ar.idle.title);
  });
});

describe('a change of words', () => {
  it('to another language during a session changes nothing else', async () => {
    mount({ script: { report: { guidance: { code: 'moveCloser', escalation: 0 } } } });
    await harness.framing();
    await says(en.guidance.moveCloser);
    page.lang = 'de';
    await says(de.guidance.moveCloser);
    expect(harness.buttons).toEqual([de.cancel]);
    await until(() => harness.spoken === de.guidance.moveCloser, 'the live region in German');
    expect(harness.states).toEqual(['preparing', 'framing']);
    expect(harness.calls('load')).toHaveLength(1);
    expect(harness.tracks.map(({ readyState }) => readyState)).toEqual(['live']);
  });

  it('to another language leaves words set by the page as they are', async () => {
    mount({ properties: { strings: { idle: { title: 'Acme' } } } });
    await says('Acme');
    page.lang = 'de';
    await until(() => harness.text === de.idle.text, 'the German text');
    expect(harness.title).toBe('Acme');
  });

  it('to a language without a locale sets its lang and dir if the page sets every word', async () => {
    const dhivehi = inDhivehi(en) as LivenessStrings;
    mount({ properties: { lang: 'dv', strings: dhivehi } });
    await says('މޫނު');
    expect([section().lang, section().dir]).toEqual(['dv', 'rtl']);
  });

  it.each<[string, (all: LivenessStrings) => StringOverrides]>([
    ['one word', () => ({ succeeded: { title: 'މޫނު' } })],
    ['all words but one', (all) => ({ ...all, idle: { title: all.idle.title } })],
    ['all words but one that is null', (all) => ({ ...all, prompt: { ...all.prompt, smile: null as never } })],
  ])('to a language without a locale keeps the lang and dir of English if the page sets %s', async (_, some) => {
    mount({ properties: { lang: 'dv', strings: some(inDhivehi(en) as LivenessStrings) } });
    await harness.element.updateComplete;
    expect([section().lang, section().dir]).toEqual(['en', 'ltr']);
  });
});

describe('left and right', () => {
  it.each([
    ['en', 'ltr'],
    ['ar', 'rtl'],
    ['fa', 'rtl'],
    ['he', 'rtl'],
    ['ur', 'rtl'],
  ])('in %s, text and buttons run %s', async (lang, direction) => {
    mount({ script: prompted, properties: { lang } });
    harness.element.style.inlineSize = '600px';
    void harness.start();
    await harness.reached('prompting');
    await until(() => section().lang === lang, 'the language');
    expect(getComputedStyle(section()).direction).toBe(direction);
    expect(getComputedStyle(harness.root.querySelector('h2') as Element).direction).toBe(direction);
    const [agree, decline] = harness.root.querySelectorAll('button');
    expect(agree?.className).toContain('primary');
    expect(Math.sign(middleOf(decline as Element) - middleOf(agree as Element))).toBe(direction === 'rtl' ? -1 : 1);
  });

  it.each([
    { lang: 'en', facingMode: 'user', left: -1 },
    { lang: 'ar', facingMode: 'user', left: -1 },
    { lang: 'en', facingMode: 'environment', left: 1 },
    { lang: 'ar', facingMode: 'environment', left: 1 },
  ] as const)('the arrow is on the person’s own side of the picture: $lang, $facingMode', async (one) => {
    mount({ script: prompted, properties: { lang: one.lang, facingMode: one.facingMode } });
    void harness.start();
    await harness.reached('prompting');
    const sides: Record<string, number> = {};
    for (const direction of ['lookLeft', 'lookRight'] as const) {
      const turn = { direction, share: 0.5, index: 0, count: 2 };
      harness.report({ phase: 'turning', turn, guidance: { code: direction, escalation: 0 } });
      harness.root.querySelector<HTMLButtonElement>('button.primary')?.click();
      await until(() => harness.root.querySelector(`[data-direction=${direction}]`) !== null, direction);
      const arrow = harness.root.querySelector('[part~=turn]');
      sides[direction] = Math.sign(middleOf(arrow) - middleOf(harness.root.querySelector('[part~=ring]')));
    }
    expect(sides).toEqual({ lookLeft: one.left, lookRight: -one.left });
  });
});
