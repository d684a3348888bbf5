/** What the live region says during a session, and what it leaves out. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../src/strings/en.js';
import { allowLeaps, Harness, hint, TOKEN, until, type Options } from './harness.js';

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(async () => {
  vi.useRealTimers();
  await harness.dispose();
});

describe('the live region', () => {
  it('is one polite region that says the state and then the hint', async () => {
    mount({ script: { report: hint('moveCloser') } });
    const region = () => harness.root.querySelector('[role=status]');
    await until(() => harness.spoken.startsWith(en.idle.title), 'the first words');
    expect(region()?.getAttribute('aria-live')).toBe('polite');
    const before = region();
    await harness.framing();
    await until(() => harness.spoken === en.guidance.moveCloser, 'the hint');
    expect(region(), 'it is one region that stays').toBe(before);
  });

  it('repeats a failure if another try fails the same way at once', async () => {
    mount({ properties: { authToken: TOKEN } });
    harness.element.workerUrl = 'http://[';
    await harness.start();
    await until(() => harness.spoken.startsWith(en.failed.network.title), 'why it failed');
    harness.button(en.tryAgain).click();
    await harness.element.updateComplete;
    expect(harness.spoken, 'an empty region, which can change').toBe('');
    await until(() => harness.spoken.startsWith(en.failed.network.title), 'why it failed again');
  });

  it.each([en.agree, en.decline, en.cancel])(
    'drops what it said within two seconds of a press of “%s”',
    async (name) => {
      allowLeaps();
      const said = name === en.cancel ? en.help : en.prompt.title;
      mount({
        script: {
          report: name === en.cancel ? hint('moveCloser', 2) : { phase: 'prompting', promptReason: 'required' },
        },
      });
      void harness.start();
      await until(() => harness.spoken.includes(said), said);
      harness.report({ phase: 'turning', ...hint('lookLeft') });
      const { title } = harness;
      harness.button(name).click();
      await until(() => harness.title !== title, 'what comes of it');
      await harness.element.updateComplete;
      vi.advanceTimersByTime(2_000);
      await harness.element.updateComplete;
      expect(harness.spoken).not.toContain(said);
    },
  );

  it.each([
    ['hidden', ''],
    ['style', 'content-visibility: hidden'],
  ])('says nothing before a session while the element is hidden by `%s`', async (attribute, value) => {
    mount();
    harness.element.setAttribute(attribute, value);
    await harness.element.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 10));
    await harness.element.updateComplete;
    expect(harness.spoken).toBe('');
    harness.element.removeAttribute(attribute);
    harness.element.authToken = TOKEN;
    await until(() => harness.spoken.startsWith(en.idle.title), 'the first words');
  });

  it('skips hints that come and go while it speaks', async () => {
    mount({ script: { report: hint('moveCloser') } });
    await harness.element.updateComplete;
    const said: string[] = [];
    const watch = new MutationObserver(() => said.push(harness.spoken));
    watch.observe(harness.root.querySelector('[role=status]') as Element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    await harness.framing();
    for (const code of ['holding', 'moveCloser', 'holding', 'moveCloser', 'noFace'] as const) {
      harness.report(hint(code));
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await until(() => harness.spoken === en.guidance.noFace, 'the last hint');
    watch.disconnect();
    expect(said.length).toBeLessThanOrEqual(3);
  });
});
