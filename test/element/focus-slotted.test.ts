/** Where the focus goes from a slotted control of the page, and where `focus()` puts it. */
import { userEvent } from 'vitest/browser';
import { afterEach, describe, expect, it } from 'vitest';
import de from '../../src/strings/locales/de.js';
import { Harness, TOKEN, until } from './harness.js';

let harness: Harness;
const sheet = new CSSStyleSheet();
sheet.replaceSync('face-liveness:not(:state(idle)) .own { display: none }');

afterEach(async () => {
  document.adoptedStyleSheets = [];
  await harness.dispose();
});

const frame = () => new Promise(requestAnimationFrame);
const isOnTitle = () => harness.root.activeElement?.tagName === 'H2';

/** Slots a start button of the page. The session hangs at its first step, so that no later update moves the focus. */
async function mountWithOwn(): Promise<HTMLButtonElement> {
  harness = new Harness({ script: { features: 'never' }, properties: { authToken: TOKEN } });
  const own = document.createElement('button');
  own.slot = 'actions';
  own.className = 'own';
  own.textContent = 'Go';
  own.addEventListener('click', () => void harness.start());
  harness.element.append(own);
  await harness.element.updateComplete;
  return own;
}

async function press(own: HTMLElement): Promise<void> {
  own.focus();
  await userEvent.keyboard('{Enter}');
  await harness.reached('preparing');
}

describe('the title takes the focus when a run begins and the focused control of the page is', () => {
  it.each<[string, (own: HTMLButtonElement) => void]>([
    [
      'hidden by its own click listener',
      (own) => own.addEventListener('click', () => (own.hidden = true), { capture: true }),
    ],
    [
      'removed by its own click listener',
      (own) => own.addEventListener('click', () => own.remove(), { capture: true }),
    ],
    [
      'removed by a liveness-state listener',
      (own) => harness.element.addEventListener('liveness-state', () => own.remove()),
    ],
    [
      'disabled by a liveness-state listener',
      (own) => harness.element.addEventListener('liveness-state', () => (own.disabled = true)),
    ],
    ['hidden by a style sheet', () => (document.adoptedStyleSheets = [sheet])],
    [
      'removed in the next animation frame',
      (own) => {
        const later = () => requestAnimationFrame(() => own.remove());
        harness.element.addEventListener('liveness-state', later);
      },
    ],
  ])('%s', async (_, prepare) => {
    const own = await mountWithOwn();
    prepare(own);
    await press(own);
    await until(isOnTitle, 'the focus on the title');
  });
});

describe('the focus stays', () => {
  it('on a slotted control that stays visible, even when the run ends', async () => {
    const own = await mountWithOwn();
    await press(own);
    await frame();
    expect(document.activeElement).toBe(own);
    harness.element.cancel();
    await harness.reached('canceled');
    await frame();
    expect(document.activeElement).toBe(own);
  });

  it('on a control inside a slotted element with display: contents', async () => {
    const own = await mountWithOwn();
    const around = document.createElement('div');
    around.slot = 'actions';
    around.style.display = 'contents';
    around.attachShadow({ mode: 'open' }).append(own);
    harness.element.append(around);
    await press(own);
    await frame();
    await frame();
    expect(document.activeElement).toBe(around);
  });

  it('where the page has put it, even when the run ends', async () => {
    const own = await mountWithOwn();
    const elsewhere = document.createElement('input');
    document.body.append(elsewhere);
    const leave = () => {
      own.remove();
      elsewhere.focus();
    };
    harness.element.addEventListener('liveness-state', leave, { once: true });
    await press(own);
    harness.element.cancel();
    await harness.reached('canceled');
    await frame();
    expect(document.activeElement).toBe(elsewhere);
    elsewhere.remove();
  });

  it('away from the title if the person had left the control before it was removed', async () => {
    const own = await mountWithOwn();
    own.focus();
    own.blur();
    await Promise.resolve();
    own.remove();
    void harness.start();
    await harness.reached('preparing');
    harness.element.cancel();
    await harness.reached('canceled');
    await frame();
    expect(document.activeElement).toBe(document.body);
  });
});

it('focus() focuses the title, even in the task in which the element is connected', async () => {
  harness = new Harness();
  harness.element.focus();
  expect(isOnTitle()).toBe(true);
  harness.element.blur();
  await harness.element.updateComplete;
  harness.element.focus();
  expect(isOnTitle()).toBe(true);
  document.createElement('face-liveness').focus();
  expect(isOnTitle()).toBe(true);
});

it('focus() waits until the words are loaded, and gives up if the focus moves elsewhere meanwhile', async () => {
  const focusedLater = async (meanwhile: () => void) => {
    harness = new Harness({ properties: { lang: 'de' } });
    harness.element.focus();
    expect(isOnTitle()).toBe(false);
    meanwhile();
    await until(() => harness.title === de.idle.title, 'the words');
    await harness.element.updateComplete;
    return isOnTitle();
  };
  const elsewhere = document.createElement('input');
  document.body.append(elsewhere);
  expect(await focusedLater(() => elsewhere.focus())).toBe(false);
  elsewhere.remove();
  await harness.dispose();
  expect(await focusedLater(() => undefined)).toBe(true);
});
