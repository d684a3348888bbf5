/// <reference types="@vitest/browser-playwright" />
/** The examples of `docs/theming.md` do what they say there; and with nothing set, light and dark differ. */
import { cdp, page } from 'vitest/browser';
import { afterEach, expect, it } from 'vitest';
import theming from '../../docs/theming.md?raw';
import { contrast } from './contrast.js';
import { Harness, TOKEN, type Options } from './harness.js';

const [COLOURS = '', FULL_SCREEN = ''] = blocks('css');
const [BRANDED = ''] = blocks('html');

let harness: Harness;
const sheet = document.createElement('style');

afterEach(async () => {
  sheet.remove();
  await harness.dispose();
  await scheme('light');
});

function blocks(language: string): string[] {
  return [...theming.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);
}

function mount(css: string, options?: Options): void {
  sheet.textContent = css;
  document.head.append(sheet);
  harness = new Harness({ properties: { authToken: TOKEN }, ...options });
}

const scheme = (value: 'light' | 'dark') =>
  cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });

const styleOf = (part: string) => {
  const element = harness.root.querySelector(`[part~=${part}]`);
  if (!element) throw new Error(`No part ${part}`);
  return getComputedStyle(element);
};

it('with nothing set: readable in light and in dark, and not the same', async () => {
  mount('');
  await harness.element.updateComplete;
  const surfaces = [];
  for (const value of ['light', 'dark'] as const) {
    await scheme(value);
    surfaces.push(styleOf('base').backgroundColor);
    expect(contrast(styleOf('title').color, styleOf('base').backgroundColor)).toBeGreaterThan(7);
    expect(contrast(styleOf('text').color, styleOf('base').backgroundColor)).toBeGreaterThan(4.5);
    expect(contrast(styleOf('primary').color, styleOf('primary').backgroundColor)).toBeGreaterThan(4.5);
  }
  expect(surfaces).toEqual(['rgb(255, 255, 255)', 'rgb(17, 22, 29)']);
});

it('colours, corners, font', async () => {
  mount(COLOURS);
  await harness.element.updateComplete;
  for (const [value, surface, accent] of [
    ['light', 'rgb(251, 248, 243)', 'rgb(0, 105, 92)'],
    ['dark', 'rgb(20, 32, 30)', 'rgb(77, 182, 172)'],
  ] as const) {
    await scheme(value);
    expect(styleOf('base').backgroundColor).toBe(surface);
    expect(styleOf('primary').backgroundColor).toBe(accent);
    expect(contrast(styleOf('primary').color, accent)).toBeGreaterThan(4.5);
    expect(contrast(styleOf('text').color, surface)).toBeGreaterThan(4.5);
  }
  expect(styleOf('title').fontFamily).toBe('Georgia, serif');
  expect(styleOf('base').borderRadius).toBe('4px');
  expect(styleOf('primary').borderRadius).toBe('4px');
  expect(styleOf('track').strokeWidth).toBe('4px');
  expect(styleOf('cover').backgroundColor).toBe('rgb(29, 45, 42)');
});

it('a logo, symbols, another way', async () => {
  mount('', { script: { report: { phase: 'captured' } } });
  const example = document.createElement('template');
  example.innerHTML = BRANDED;
  harness.element.append(...(example.content.firstElementChild?.children ?? []));
  await harness.element.updateComplete;
  const shown = (slot: string) => {
    const content = harness.element.querySelector<HTMLElement | SVGElement>(`[slot=${slot}]`);
    const box = content?.getBoundingClientRect();
    return box && box.width > 0 && box.height > 0 ? box : null;
  };
  const title = harness.root.querySelector('h2')?.getBoundingClientRect();
  expect(shown('header')?.bottom).toBeLessThanOrEqual(title?.top ?? 0);
  expect(shown('footer')?.top).toBeGreaterThan(harness.button('Start face check').getBoundingClientRect().bottom);
  expect(shown('succeeded-icon'), 'not yet').toBeNull();
  await harness.start();
  await harness.element.updateComplete;
  const [icon, ring] = [shown('succeeded-icon'), harness.root.querySelector('.ring')?.getBoundingClientRect()];
  expect(icon?.width).toBeGreaterThan((ring?.width ?? 0) / 4);
  expect(icon?.width).toBeLessThan((ring?.width ?? 0) * 0.7);
  expect(harness.root.querySelector('.cover .icon')?.getBoundingClientRect().width, 'in place of the own one').toBe(0);
});

it('full screen on a phone while it runs, a card on a desk', async () => {
  mount(FULL_SCREEN);
  await page.viewport(390, 844);
  await harness.element.updateComplete;
  expect(getComputedStyle(harness.element).position).toBe('static');
  await harness.framing();
  const box = () => harness.element.getBoundingClientRect();
  expect([box().left, box().top, box().width, box().height]).toEqual([0, 0, 390, 844]);
  expect(harness.root.querySelector('.base')?.getBoundingClientRect().height).toBe(844);
  expect(styleOf('base').borderRadius).toBe('0px');
  await page.viewport(1280, 800);
  expect(box().width).toBe(440);
  expect(Math.abs(box().left + box().right - document.documentElement.clientWidth)).toBeLessThan(2);
  expect(styleOf('base').boxShadow).toContain('24px');
  harness.element.cancel();
  await harness.reached('canceled');
  await page.viewport(390, 844);
  expect(getComputedStyle(harness.element).position).toBe('static');
  expect(styleOf('primary').letterSpacing).not.toBe('normal');
});
