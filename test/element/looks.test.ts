/// <reference types="@vitest/browser-playwright" />
/** The examples in `docs/theming.md` do what the page says; without any styling, light and dark differ. */
import { cdp, page } from 'vitest/browser';
import { afterEach, expect, it } from 'vitest';
import theming from '../../docs/theming.md?raw';
import source from '../../src/face-liveness.ts?raw';
import { ACTIVE_MOTIONS, type ActiveMotion } from '../../src/protocol/wire.js';
import { en } from '../../src/strings/en.js';
import { installSpeech } from '../fixtures/page/speech.js';
import { contrast } from './contrast.js';
import { disconnect, holdPrompts } from './devices.js';
import { Harness, TOKEN, until, type Options } from './harness.js';

const [COLOURS = '', FULL_SCREEN = ''] = blocks('css');
const [BRANDED = ''] = blocks('html');

let harness: Harness;
const sheet = document.createElement('style');

afterEach(async () => {
  sheet.remove();
  await harness.dispose();
  disconnect();
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

async function reachPrompt(): Promise<void> {
  harness.report({ phase: 'prompting', promptReason: 'required' });
  await harness.reached('prompting');
}

/** Agrees for the person if that is still to be done, and asks for a motion. */
async function askFor(direction: ActiveMotion): Promise<void> {
  const turn = { direction, share: 0.5, index: 0, count: 5 };
  harness.report({ phase: 'turning', turn, guidance: { code: direction, escalation: 0 } });
  if (harness.state === 'prompting') harness.button(en.agree).click();
  await until(() => harness.root.querySelector(`[data-direction=${direction}]`) !== null, direction);
}

const styleOf = (part: string) => {
  const element = harness.root.querySelector(`[part~=${part}]`);
  if (!element) throw new Error(`No part ${part}`);
  return getComputedStyle(element);
};

it('without any styling, is readable in light and dark, with different surfaces', async () => {
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

it('the first CSS example sets colours, corners, font and track in light and dark', async () => {
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

it.each([
  ['a dialog', '<dialog open style="position: static; padding: 0; border: 0"></dialog>'],
  ['a centred column', '<div style="display: flex; flex-direction: column; align-items: center"></div>'],
  ['a centred grid', '<div style="display: grid; place-items: center"></div>'],
  ['a float', '<div style="float: left"></div>'],
])('is 400 pixels wide in %s, and no wider than a small viewport', async (_, parent) => {
  mount('');
  await page.viewport(1280, 800);
  const place = document.createElement('template');
  place.innerHTML = parent;
  const around = place.content.firstElementChild as HTMLElement;
  document.body.append(around);
  around.append(harness.element);
  await harness.element.updateComplete;
  expect(harness.element.getBoundingClientRect().width).toBe(400);
  await page.viewport(320, 640);
  const { width } = harness.element.getBoundingClientRect();
  expect(width).toBeGreaterThan(280);
  expect(width).toBeLessThanOrEqual(document.documentElement.clientWidth);
  around.remove();
});

it('does not inherit the page’s typography, but takes what the page sets on the element itself', async () => {
  const typography = () =>
    ['title', 'text', 'start'].map((part) => {
      const { fontSize, fontStyle, letterSpacing, wordSpacing, wordBreak, whiteSpace, textTransform, textIndent } =
        styleOf(part);
      return { fontSize, fontStyle, letterSpacing, wordSpacing, wordBreak, whiteSpace, textTransform, textIndent };
    });
  mount('');
  await harness.element.updateComplete;
  const before = typography();
  sheet.textContent = `html { font-size: 62.5% }
    body { font: italic small-caps 700 12px serif; letter-spacing: 3px; word-spacing: 9px; word-break: break-all;
      white-space: pre; text-transform: uppercase; text-indent: 40px; text-shadow: 1px 1px red }`;
  expect(typography()).toEqual(before);
  expect(before.map(({ fontSize }) => fontSize).slice(1)).toEqual(['16px', '16px']);
  expect(styleOf('title').textShadow).toBe('none');
  sheet.textContent = 'face-liveness { font-size: 20px; letter-spacing: 1px }';
  expect(styleOf('text').fontSize, 'what the page means for it holds').toBe('20px');
  expect(styleOf('text').letterSpacing).toBe('1px');
});

it('the HTML example shows its header, its footer and its icon for succeeded', async () => {
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

it.each([
  ['a phone', 390, 844, 'en'],
  ['a phone', 390, 844, 'ar'],
  ['a phone in landscape', 844, 390, 'en'],
  ['a phone in landscape', 844, 390, 'ar'],
  ['a desktop', 1280, 800, 'en'],
  ['a desktop', 1280, 800, 'ar'],
])(
  'slotted header content stays centred above the title and keeps its width: %s, %i by %i, %s',
  async (_, width, height, lang) => {
    await page.viewport(width, height);
    const report = { phase: 'prompting', promptReason: 'required' } as const;
    mount('', { properties: { lang }, script: { load: 'never', report } });
    harness.element.innerHTML = '<svg slot="header" width="120" height="28"></svg><b slot="header">2 / 3</b>';
    const middles = () =>
      ['svg', 'b', 'h2'].map((name) => {
        const found = (harness.element.querySelector(name) ?? harness.root.querySelector(name)) as Element;
        const { left, right } = found.getBoundingClientRect();
        return Math.round((left + right) / 2);
      });
    const seen: number[][] = [];
    const widths = new Set<number>();
    const look = async () => {
      await harness.element.updateComplete;
      seen.push(middles());
      widths.add(Math.round(harness.element.querySelector('b')?.getBoundingClientRect().width ?? 0));
    };
    await until(() => harness.root.querySelector('[data-wordless]') === null, 'the words');
    await look();
    void harness.start();
    await harness.reached('preparing');
    await look();
    harness.element.cancel();
    await harness.reached('canceled');
    await look();
    harness.direct({ load: undefined });
    void harness.start();
    await harness.reached('prompting');
    await look();
    const [[middle] = []] = seen;
    expect(
      seen.flat().every((one) => Math.abs(one - (middle ?? 0)) <= 1),
      JSON.stringify(seen),
    ).toBe(true);
    expect([...widths]).toHaveLength(1);
  },
);

it('each documented slot shows its content in the states it belongs to', async () => {
  installSpeech();
  mount('', { script: { load: 'never', report: { guidance: { code: 'moveCloser', escalation: 0 } } } });
  const shown = async (slot: string) => {
    const content = Object.assign(document.createElement('b'), { slot, textContent: slot });
    harness.element.append(content);
    await harness.element.updateComplete;
    const { width } = content.getBoundingClientRect();
    content.remove();
    return width > 0;
  };
  const seen: string[] = [];
  const expectShown = async (...slots: string[]) => {
    for (const slot of slots) expect(await shown(slot), `${slot} in ${harness.state}`).toBe(true);
    seen.push(...slots);
  };
  await expectShown('header', 'actions', 'footer', 'idle-icon', 'speak-off-icon');
  harness.element.speak = true;
  await expectShown('speak-on-icon');
  expect(await shown('failed-icon'), 'what is not its state').toBe(false);

  const prompt = holdPrompts();
  void harness.start();
  await harness.reached('preparing');
  await expectShown('preparing-icon');
  prompt.answer();
  harness.element.cancel();
  await harness.reached('canceled');
  await expectShown('canceled-icon');

  harness.direct({ load: { ok: true, value: { milliseconds: 1, compiled: null } } as never });
  await harness.framing();
  await expectShown('overlay');
  await reachPrompt();
  await expectShown('prompting-icon');
  await askFor('lookLeft');
  await expectShown('turn-icon');
  await askFor('smile');
  await expectShown('smile-icon');
  harness.direct({ submit: 'never', report: { phase: 'captured' } });
  await harness.reached('submitting');
  await expectShown('submitting-icon');
  harness.element.cancel();
  harness.direct({ submit: { ok: false, failure: { code: 'DigestMismatch', message: 'as told' } } });
  await harness.start();
  await expectShown('failed-icon');
  harness.direct({ submit: undefined });
  await harness.start();
  await expectShown('succeeded-icon');
  const declared = [...source.matchAll(/@slot (\S+)/g)].map(([, slot]) => slot);
  expect(seen.sort()).toEqual(declared.sort());
});

it('each documented part appears in some state, and no other part does', async () => {
  installSpeech();
  const seen = new Set<string>();
  const look = async () => {
    await harness.element.updateComplete;
    for (const element of harness.root.querySelectorAll('[part]')) for (const part of element.part) seen.add(part);
  };
  const watch = async (options: Options) => {
    mount('', options);
    harness.element.addEventListener('liveness-state', () => void look());
    await look();
  };
  await watch({ script: { begin: { ok: false, failure: { code: 'CameraInUse', message: 'as told' } } } });
  harness.element.speak = true;
  await harness.start();
  await look();
  await harness.dispose();

  await watch({ script: { report: { guidance: { code: 'moveCloser', escalation: 1 } } } });
  await harness.framing();
  await harness.plugIn('FaceTime HD Camera', 'USB Camera');
  await look();
  await reachPrompt();
  for (const direction of ACTIVE_MOTIONS) {
    await askFor(direction);
    await look();
  }
  harness.report({ phase: 'captured' });
  await harness.reached('succeeded');
  await look();
  const declared = [...source.matchAll(/@csspart (\S+)/g)].map(([, part]) => part);
  expect([...seen].sort()).toEqual(declared.sort());
});

it.each([
  ['CameraPermissionDenied', 'camera'],
  ['ServiceUnreachable', 'connection'],
  ['AssetsTimedOut', 'clock'],
  ['TokenExpired', 'clock'],
  ['EnvironmentNotSupported', 'light'],
  ['Unexpected', 'alert'],
] as const)('%s shows the %s icon', async (code, name) => {
  mount('', { script: { begin: { ok: false, failure: { code, message: 'as told' } } } });
  await harness.start();
  await harness.element.updateComplete;
  expect(harness.root.querySelector('.cover svg')?.getAttribute('data-icon')).toBe(name);
});

it('on a large screen, the arrow grows with the ring and the loudspeaker with the font', async () => {
  installSpeech();
  mount('face-liveness { --face-liveness-ring-width: 640px; font-size: 32px; }');
  await page.viewport(1080, 1920);
  await harness.framing();
  await reachPrompt();
  await askFor('lookLeft');
  expect(styleOf('speak').width).toBe('88px');
  expect(styleOf('speak').height).toBe('88px');
  // Browsers make an SVG without a size 300 pixels wide.
  harness.element.innerHTML = '<svg slot="speak-off-icon" viewBox="0 0 24 24"></svg>';
  expect(styleOf('speak').width).toBe('88px');
  expect(parseFloat(styleOf('turn').width)).toBeCloseTo(0.22 * 640, 0);
});

it('the full-screen example fills a phone during a session, and is a card on a desktop', async () => {
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
