/// <reference types="@vitest/browser-playwright" />
/**
 * axe finds nothing in any state. The tests measure what axe cannot see: nothing scrolls sideways, no spaced text is
 * cut, controls are large enough, and rings, icons and focus outlines have contrast.
 */
import type { AxeResults, RunOptions } from 'axe-core';
import axeAddress from 'axe-core/axe.min.js?url';
import { cdp, page, userEvent } from 'vitest/browser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LIVENESS_ERRORS } from '../../src/protocol/errors.js';
import { en } from '../../src/strings/en.js';
import { guidanceWords } from '../../src/view/words.js';
import { installSpeech } from '../fixtures/page/speech.js';
import { isLit, SCENES, type Scene } from '../screenshots/scenes.js';
import { contrast } from './contrast.js';
import { Harness, TOKEN, until } from './harness.js';
import { hidePage } from './page-visibility.js';

declare const axe: { run(context: Element, options: RunOptions): Promise<AxeResults> };

interface Surroundings {
  width: number;
  height: number;
  media?: Record<string, string>;
  lang?: string;
}

const PHONE = { width: 390, height: 844 };

const SURROUNDINGS: Record<string, Surroundings> = {
  light: PHONE,
  dark: { ...PHONE, media: { 'prefers-color-scheme': 'dark' } },
  'forced colours': { ...PHONE, media: { 'forced-colors': 'active' } },
  'more contrast': { ...PHONE, media: { 'prefers-contrast': 'more' } },
  'right to left': { ...PHONE, lang: 'ar' },
  // 1280×1024 at 200 %.
  '200 % zoom': { width: 640, height: 512 },
  // 1280×1024 at 400 %, as in WCAG 2.2, 1.4.10: Reflow.
  '320 px': { width: 320, height: 256 },
  '280 px': { width: 280, height: 653 },
  'on its side': { width: 844, height: 390 },
};

/** Short screens with room for the controls, and for little else. */
const LOW_SCREENS: Surroundings[] = [
  { width: 320, height: 440 },
  { width: 320, height: 480, lang: 'de' },
  { width: 360, height: 540, lang: 'de' },
];

/** The text spacing of WCAG 2.2, 1.4.12. */
const SPACED = new CSSStyleSheet();
SPACED.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let harness: Harness;

beforeAll(async () => {
  installSpeech();
  const script = document.createElement('script');
  const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
  document.head.append(Object.assign(script, { src: axeAddress }));
  await loaded;
});
afterEach(() => harness.dispose());
afterAll(() => surround(PHONE));

async function surround({ width, height, media = {}, lang = 'en' }: Surroundings): Promise<void> {
  await page.viewport(width, height);
  const features = ['prefers-color-scheme', 'forced-colors', 'prefers-contrast', 'prefers-reduced-motion'];
  await cdp().send('Emulation.setEmulatedMedia', {
    features: features.map((name) => ({ name, value: media[name] ?? '' })),
  });
  for (const [name, value] of Object.entries(media)) expect(matchMedia(`(${name}: ${value})`).matches).toBe(true);
  harness.element.lang = lang;
  await until(() => harness.root.querySelector('section')?.lang === lang, lang);
  await harness.element.updateComplete;
}

function sceneOf(name: string): Scene {
  const scene = SCENES.find((one) => one.name === name);
  if (!scene) throw new Error(`No scene ${name}`);
  return scene;
}

/** Mounts an element and brings it to the state of the scene. */
async function show(scene: Scene): Promise<void> {
  const { state, script, agrees, around, canceledIn } = scene;
  const asks = { report: { phase: 'prompting', promptReason: 'required' } } as const;
  const onLine = around !== 'offline';
  Object.defineProperty(navigator, 'onLine', { value: onLine, configurable: true });
  harness = new Harness({
    script: agrees ? asks : script,
    properties: around === 'noToken' ? {} : { authToken: TOKEN },
  });
  if (state === 'idle') return;
  void harness.start();
  if (agrees) {
    await harness.reached('prompting');
    harness.direct(script);
    harness.button(en.agree).click();
  }
  await harness.reached(canceledIn ?? state);
  if (canceledIn) {
    harness.element.cancel();
    return harness.reached(state);
  }
  if (around === 'severalCameras') await harness.plugIn('FaceTime HD Camera', 'USB Camera');
  if (around === 'hidden') {
    hidePage();
    Reflect.deleteProperty(document, 'visibilityState');
  }
  const guidance = script.report?.guidance;
  if (guidance && around !== 'hidden') {
    const words = guidanceWords(guidance, en);
    await until(() => harness.title === words, words);
  }
  if (isLit(scene)) await until(() => harness.root.querySelector('.lit') !== null, 'the lamp');
  await harness.element.updateComplete;
}

async function violations(): Promise<string[]> {
  const { violations: found, incomplete } = await axe.run(harness.element, {
    runOnly: RULES,
    resultTypes: ['violations', 'incomplete'],
  });
  return [...found, ...incomplete.filter(({ id }) => id === 'color-contrast')].flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 80)} ${failureSummary?.slice(0, 200)}`),
  );
}

/** Layout errors: controls that are too small, covered or off the screen; cut words; a page that scrolls sideways. */
function misfits(): string[] {
  const { root, element } = harness;
  const found: string[] = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  const box = element.getBoundingClientRect();
  for (const control of root.querySelectorAll<HTMLElement>('button, select')) {
    const { left, right, bottom, width, height } = control.getBoundingClientRect();
    const name = control.ariaLabel ?? control.textContent?.trim() ?? '';
    if (left < box.left || right > box.right) found.push(`outside: ${name}`);
    if (innerHeight > 380 && bottom > innerHeight && innerWidth !== 640) found.push(`below the screen: ${name}`);
    if (Math.min(width, height) < 44) found.push(`small: ${name} (${width}×${height})`);
    const above = root.elementFromPoint((left + right) / 2, bottom - height / 2);
    if (bottom <= innerHeight && !control.contains(above)) found.push(`covered by ${above?.className}: ${name}`);
  }
  for (const words of root.querySelectorAll<HTMLElement>('h2, p, button')) {
    if (words.scrollWidth > words.clientWidth + 1) found.push(`cut: ${words.textContent}`);
  }
  const [ring, speak] = ['.ring', '.speak'].map((one) => root.querySelector(one)?.getBoundingClientRect());
  if (ring && speak && Math.abs(ring.bottom - speak.bottom) > 1) found.push('the loudspeaker is not at the ring');
  return found;
}

/** One scene for each look, tested in all surroundings. `WORDS`, which differ only in their text, are tested in one. */
const LOOKS = [
  'idle',
  'idle-without-token',
  'preparing',
  'preparing-loading',
  'preparing-offline',
  'framing-moveCloser',
  'framing-tooDark',
  'framing-help',
  'framing-cameras',
  'framing-paused',
  'capturing',
  'prompting-required',
  'activeMotion-lookLeft',
  'activeMotion-lookUp',
  'activeMotion-smile',
  'activeMotion-returnToCentre',
  'submitting',
  'submitting-sent',
  'submitting-offline',
  'succeeded',
  'canceled-UserCanceledSession',
  'failed-CameraPermissionDenied',
  'failed-TokenExpired',
];
/** The error texts that `WORDS` has already: many codes share one. */
const TOLD = new Set<string>();
const WORDS = SCENES.filter(({ name, state, script: { begin } }) => {
  if (LOOKS.includes(name)) return false;
  if (state !== 'failed' || typeof begin !== 'object') return true;
  const { told } = LIVENESS_ERRORS[begin.failure.code];
  return TOLD.size < TOLD.add(told).size;
});

describe('axe and the layout checks pass in every display mode', () => {
  it.each(LOOKS)('%s', async (name) => {
    await show(sceneOf(name));
    for (const [where, surroundings] of Object.entries(SURROUNDINGS)) {
      await surround(surroundings);
      expect.soft([...(await violations()), ...misfits()], where).toEqual([]);
    }
    for (const low of LOW_SCREENS) {
      await surround(low);
      expect.soft(misfits(), `all that can be pressed is in sight: ${low.width} by ${low.height}`).toEqual([]);
    }
    await surround({ width: 320, height: 640 });
    harness.root.adoptedStyleSheets.push(SPACED);
    const [words, ring] = ['.words', '.ring'].map((one) => harness.root.querySelector(one)?.getBoundingClientRect());
    const cut = misfits().filter((found) => !found.startsWith('below'));
    expect.soft(cut, 'text can be spaced: nothing is cut').toEqual([]);
    expect.soft(words?.bottom, 'or covered').toBeLessThanOrEqual(ring?.top ?? 0);
  });
});

it.each(WORDS.map((scene) => [scene.name, scene] as const))(
  'axe and the layout checks pass at 320 × 640 pixels: %s',
  async (_, scene) => {
    await show(scene);
    await surround({ width: 320, height: 640 });
    expect([...(await violations()), ...misfits()]).toEqual([]);
  },
);

describe('what axe cannot check', () => {
  type Drawn = 'stroke' | 'color' | 'backgroundColor' | 'outlineColor' | 'strokeWidth' | 'hyphens' | 'animationName';
  /** The computed style of the first element that matches the selector. */
  const drawn = (selector: string, property: Drawn) => {
    const element = harness.root.querySelector(selector);
    if (!element) throw new Error(`No ${selector}`);
    return getComputedStyle(element)[property];
  };

  it.each([
    ['idle', '.cover .icon'],
    ['failed-TokenExpired', '.cover .icon'],
    ['succeeded', '.cover .icon'],
    ['succeeded', '.progress'],
    ['capturing', '.progress'],
    ['preparing', '.progress'],
    ['preparing-loading', '.progress'],
    ['submitting', '.progress'],
    ['submitting-sent', '.progress'],
    ['framing-moveCloser', '.speak .icon'],
    ['activeMotion-lookLeft', '.progress'],
    ['activeMotion-smile', '.progress'],
  ])('%s: %s has a contrast above 3:1 in light, dark and more contrast', async (name, selector) => {
    await show(sceneOf(name));
    for (const where of ['light', 'dark', 'more contrast']) {
      await surround(SURROUNDINGS[where] ?? PHONE);
      const around = drawn(selector.startsWith('.cover') ? '.cover' : '.base', 'backgroundColor');
      expect(contrast(drawn(selector, 'stroke'), around), where).toBeGreaterThan(3);
      if (selector === '.progress' && name !== 'succeeded') {
        expect(contrast(drawn(selector, 'stroke'), drawn('.track', 'stroke')), `track, ${where}`).toBeGreaterThan(3);
      }
      if (!name.startsWith('activeMotion')) continue;
      const turn = getComputedStyle(harness.root.querySelector('.turn') as Element);
      for (const colour of turn.backgroundImage.match(/(rgb|color|oklch)\([^)]*\)/g) ?? ['none']) {
        expect(contrast(turn.color, colour), `sign on ${colour}, ${where}`).toBeGreaterThan(3);
      }
      harness.button(en.cancel).focus();
      await userEvent.keyboard('{Shift}');
      expect(contrast(drawn('.plain', 'outlineColor'), around), `focus, ${where}`).toBeGreaterThan(3);
    }
  });

  it.each(['preparing', 'preparing-loading', 'capturing', 'activeMotion-lookLeft', 'submitting'])(
    'in forced colours, progress has contrast and is over three times as thick as its track: %s',
    async (name) => {
      await show(sceneOf(name));
      for (const scheme of ['light', 'dark']) {
        await surround({ ...PHONE, media: { 'forced-colors': 'active', 'prefers-color-scheme': scheme } });
        expect(contrast(drawn('.progress', 'stroke'), drawn('.base', 'backgroundColor')), scheme).toBeGreaterThan(3);
        const [progress = 0, track = 0] = ['.progress', '.track'].map((one) => parseFloat(drawn(one, 'strokeWidth')));
        expect(progress / track, scheme).toBeGreaterThan(3);
      }
    },
  );

  it('title and text have hyphens: auto, in the language of the words', async () => {
    await show(sceneOf('idle'));
    await surround({ ...PHONE, lang: 'de' });
    // Only the property can be tested: Chromium has hyphenation dictionaries on some systems only.
    for (const words of ['h2', 'p']) expect(drawn(words, 'hyphens')).toBe('auto');
    expect(harness.root.querySelector('h2')?.closest('[lang]')?.getAttribute('lang')).toBe('de');
  });

  it('with prefers-reduced-motion nothing moves: the ring fades at most, without transitions and without the lamp', async () => {
    const still = { ...PHONE, media: { 'prefers-reduced-motion': 'reduce' } };
    for (const [scene, animation] of [
      ['preparing', 'breathe'],
      ['preparing-loading', 'none'],
      ['submitting-sent', 'breathe'],
      ['capturing', 'none'],
      ['activeMotion-lookLeft', 'none'],
    ] as const) {
      await show(sceneOf(scene));
      await surround(still);
      await until(() => drawn('.progress', 'animationName') === animation, `${animation} in ${scene}`);
      // `breathe` changes nothing but the opacity.
      const frames = harness.root.getAnimations().flatMap(({ effect }) => (effect as KeyframeEffect).getKeyframes());
      const timing = ['offset', 'computedOffset', 'easing', 'composite'];
      const changed = frames.flatMap((frame) => Object.keys(frame).filter((name) => !timing.includes(name)));
      expect([...new Set(changed)]).toEqual(animation === 'breathe' ? ['opacity'] : []);
      const durations = [...harness.root.querySelectorAll('*')].map((one) => getComputedStyle(one).transitionDuration);
      expect(new Set(durations)).toEqual(new Set(['0s']));
      await harness.dispose();
    }
    await show(sceneOf('framing-tooDark'));
    await surround(still);
    expect(getComputedStyle(harness.root.querySelector('.base') as Element).boxShadow).toBe('none');
    await surround(PHONE);
    expect(getComputedStyle(harness.root.querySelector('.base') as Element).boxShadow).toContain('rgb(255, 255, 255)');
  });

  it.each(['beside it', 'beside it in a shadow tree'])(
    'the lamp goes off once the focus moves to a control %s',
    async (where) => {
      const around = document.createElement('div');
      document.body.append(around);
      const tree = where === 'beside it' ? around : around.attachShadow({ mode: 'closed' });
      tree.innerHTML = '<button>Before</button><button>Link</button>';
      const [before, link] = tree.querySelectorAll('button') as unknown as [HTMLButtonElement, HTMLButtonElement];
      await show(sceneOf('idle'));
      tree.append(harness.element);
      before.focus();
      harness.direct(sceneOf('framing-tooDark').script);
      void harness.start();
      await harness.reached('framing');
      const shadow = async () => {
        await harness.element.updateComplete;
        return getComputedStyle(harness.root.querySelector('.base') as Element).boxShadow;
      };
      const isShining = () => harness.root.querySelector('.lit') !== null;
      await until(isShining, 'the lamp, though the page’s own button had the focus');
      harness.button(en.cancel).focus();
      expect(await shadow()).not.toBe('none');
      link.focus();
      expect(await shadow()).toBe('none');
      harness.button(en.cancel).focus();
      expect(await shadow()).not.toBe('none');
      link.focus();
      link.blur();
      expect(await shadow(), 'nothing has it').not.toBe('none');
      before.focus();
      expect(await shadow()).toBe('none');
      before.remove();
      await until(isShining, 'the lamp, as what had the focus is gone');
      link.focus();
      expect(await shadow()).toBe('none');
      harness.element.cancel();
      void harness.start();
      await until(isShining, 'the lamp of the next run');
      around.remove();
    },
  );

  it.each([
    ['a press of its own start button scrolls the title into view', true],
    ['a start() by the page leaves the title out of view', false],
  ])('on 320 × 256 pixels, %s', async (_, isInside) => {
    const around = Object.assign(document.createElement('div'), { innerHTML: '<button>Page</button>' });
    await show(sceneOf('idle'));
    await surround(SURROUNDINGS['320 px'] ?? PHONE);
    around.style.blockSize = '400px';
    document.body.append(around);
    const start = harness.button(en.start);
    start.scrollIntoView({ block: 'end' });
    const top = () => harness.root.querySelector('h2')?.getBoundingClientRect().top ?? NaN;
    expect(top(), 'the title is out of view').toBeLessThan(0);
    (isInside ? start : around.querySelector('button'))?.focus({ preventScroll: true });
    if (isInside) await userEvent.keyboard('{Enter}');
    else void harness.start();
    await harness.reached('framing');
    if (isInside) expect(top()).toBeGreaterThanOrEqual(0);
    else expect(top()).toBeLessThan(0);
    around.remove();
  });

  it('the focus moves to the title when the focused control disappears within a state', async () => {
    await show(sceneOf('framing-cameras'));
    harness.root.querySelector('select')?.focus();
    navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await until(() => harness.root.activeElement?.tagName === 'H2', 'the focus on the title');
    expect(harness.state).toBe('framing');
  });
});
