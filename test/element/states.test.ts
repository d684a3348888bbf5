/** Each state of the element: its words, its controls, its custom states. */
import { page, userEvent } from 'vitest/browser';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LivenessProgressEvent } from '../../src/events.js';
import type { LivenessErrorCode } from '../../src/protocol/errors.js';
import { en } from '../../src/strings/en.js';
import { attemptOf } from '../unit/samples.js';
import { Harness, hint, TOKEN, until, type Options } from './harness.js';

const CAPTURED = { report: { phase: 'captured' }, submit: 'never' } as const;

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(async () => {
  vi.useRealTimers();
  await harness.dispose();
});

describe('words and controls', () => {
  it('idle: says what it is about, with a start button only if there is a token', async () => {
    mount();
    await harness.element.updateComplete;
    expect([harness.title, harness.text]).toEqual([en.idle.title, en.idle.text]);
    expect(harness.buttons).toEqual([]);
    harness.element.authToken = TOKEN;
    await harness.element.updateComplete;
    expect(harness.buttons).toEqual([en.start]);
  });

  it('preparing: shows its words and a cancel button', async () => {
    mount({ script: { load: 'never' } });
    void harness.start();
    await harness.reached('preparing');
    expect([harness.title, harness.text]).toEqual([en.preparing.title, en.preparing.text]);
    expect(harness.buttons).toEqual([en.cancel]);
  });

  it.each([
    ['preparing', 'busy', 0],
    ['preparing', 'busy', 0.4],
    ['preparing', 'busy', 1],
    ['submitting', 'good', 0],
    ['submitting', 'good', 0.4],
    ['submitting', 'good', 1],
  ] as const)('%s: the ring is %s, and counts progress only between 0 and 1: %f', async (state, tone, share) => {
    const script = state === 'preparing' ? ({ load: 'never' } as const) : CAPTURED;
    mount({ script: { ...script, share } });
    void harness.start();
    await harness.reached(state);
    const phase = state === 'preparing' ? 'loading' : 'upload';
    const isTold = (event: Event) =>
      event instanceof LivenessProgressEvent && event.phase === phase && event.progress === share;
    await until(() => harness.events.some(isTold), 'the share');
    await harness.element.updateComplete;
    const ring = harness.root.querySelector<HTMLElement>('[part~=ring]');
    expect([...(ring?.part ?? [])]).toEqual(['ring', `ring-${tone}`]);
    expect(ring?.dataset.tone).toBe(tone);
    const progress = harness.root.querySelector('.progress') as Element;
    const isCounted = share === 0.4;
    expect(getComputedStyle(progress).animationName).toBe(isCounted ? 'none' : 'run');
    const bar = harness.root.querySelector('[role=progressbar]');
    expect(bar?.getAttribute('aria-valuenow')).toBe(isCounted ? '40' : undefined);
    if (isCounted) expect(progress.getAttribute('stroke-dasharray')).toBe('40 200');
  });

  it('framing: shows one hint, in other words once it has not helped', async () => {
    mount({ script: { report: hint('moveCloser') } });
    await harness.framing();
    await until(() => harness.title === en.guidance.moveCloser, 'the hint');
    expect(harness.text).toBe('');
    expect(harness.buttons).toEqual([en.cancel]);
    harness.report(hint('moveCloser', 1));
    await until(() => harness.title === en.escalated.moveCloser, 'the other wording');
  });

  it('capturing: the ring and a labelled progress bar show the progress', async () => {
    mount({ script: { report: { phase: 'holding', progress: 0.5, ...hint('holding') } } });
    void harness.start();
    await harness.reached('capturing');
    expect(harness.title).toBe(en.guidance.holding);
    expect(harness.root.querySelector('[part~=ring]')?.getAttribute('data-tone')).toBe('good');
    expect(harness.root.querySelector('.progress')?.getAttribute('stroke-dasharray')).toBe('50 200');
    const bar = page.elementLocator(harness.root.firstElementChild as Element).getByRole('progressbar');
    expect(bar.query()?.getAttribute('aria-valuenow')).toBe('50');
    expect(harness.root.querySelector(`#${bar.query()?.getAttribute('aria-labelledby')}`)?.textContent).toBe(
      en.guidance.holding,
    );
  });

  it.each(['tooDark', 'tooBright', 'required'] as const)(
    'prompting because of %s: gives the reason, to agree or decline',
    async (promptReason) => {
      mount({ script: { report: { phase: 'prompting', promptReason } } });
      void harness.start();
      await harness.reached('prompting');
      expect([harness.title, harness.text]).toEqual([en.prompt.title, en.prompt[promptReason]]);
      expect(harness.buttons).toEqual([en.agree, en.decline]);
    },
  );

  it('activeMotion: the arrow for lookLeft is on the left of the mirrored preview', async () => {
    mount({ script: { report: { phase: 'prompting', promptReason: 'required' } } });
    void harness.start();
    await harness.reached('prompting');
    const turn = { direction: 'lookLeft', share: 0.5, index: 0, count: 1 } as const;
    harness.report({ phase: 'turning', turn, ...hint('lookLeft') });
    harness.button(en.agree).click();
    await harness.reached('activeMotion');
    await until(() => harness.title === en.guidance.lookLeft, 'the hint');
    const arrow = harness.root.querySelector('[part~=turn]') as HTMLElement;
    const ring = harness.root.querySelector('[part~=ring]') as HTMLElement;
    expect(arrow.dataset.direction).toBe('lookLeft');
    const middle = (element: HTMLElement) => {
      const { left, width } = element.getBoundingClientRect();
      return left + width / 2;
    };
    expect(middle(arrow)).toBeLessThan(middle(ring));
    expect(harness.buttons).toEqual([en.cancel]);
  });

  it('submitting: can be canceled, and then does not claim that nothing was sent', async () => {
    mount({ script: CAPTURED });
    void harness.start();
    await harness.reached('submitting');
    expect([harness.title, harness.text]).toEqual([en.submitting.title, en.submitting.text]);
    expect(harness.buttons).toEqual([en.cancel]);
    harness.button(en.cancel).click();
    await harness.reached('canceled');
    expect([harness.title, harness.text]).toEqual([en.failed.canceled.title, '']);
  });

  it('succeeded: shows its words and no button', async () => {
    mount({ script: { report: { phase: 'captured' } } });
    void harness.start();
    await harness.reached('succeeded');
    expect([harness.title, harness.text]).toEqual([en.succeeded.title, en.succeeded.text]);
    expect(harness.buttons).toEqual([]);
  });

  it('canceled: shows its words, and another try starts again', async () => {
    mount();
    await harness.framing();
    harness.button(en.cancel).click();
    await harness.reached('canceled');
    expect([harness.title, harness.text]).toEqual([en.failed.canceled.title, en.failed.canceled.text]);
    expect(harness.buttons).toEqual([en.tryAgain]);
    harness.button(en.tryAgain).click();
    await until(() => harness.states.filter((state) => state === 'framing').length === 2, 'the second try');
  });

  const failures: [LivenessErrorCode, keyof typeof en.failed, boolean][] = [
    ['DetectorFailed', 'browser', true],
    ['AssetsNotLoaded', 'network', true],
    ['AssetsTimedOut', 'slow', true],
    ['ServerRequestTimedOut', 'slow', true],
    ['AssetsCorrupt', 'technical', true],
    ['InvalidToken', 'page', false],
    ['Unexpected', 'page', false],
  ];
  it.each(failures)(
    'failed with %s: says what to do, and offers another try only if it can help',
    async (code, told, again) => {
      mount({ script: { begin: { ok: false, failure: { code, message: 'for the console' } } } });
      void harness.start();
      await harness.reached('failed');
      expect([harness.title, harness.text]).toEqual([en.failed[told].title, en.failed[told].text]);
      expect(harness.buttons).toEqual(again ? [en.tryAgain] : []);
    },
  );

  it('failed with the last attempt: says so and offers no other try', async () => {
    const script = { report: { phase: 'failed', failure: 'EnvironmentNotSupported' } } as const;
    mount({ script, attempt: { ...attemptOf(), attemptsRemaining: 0 } });
    const error = await harness.start();
    expect(error).toMatchObject({ code: 'EnvironmentNotSupported', retryable: true, attemptsRemaining: 0 });
    expect([harness.title, harness.text]).toEqual([en.failed.light.title, en.failed.attempts.text]);
    expect(harness.buttons).toEqual([]);
    await until(() => harness.spoken === `${en.failed.light.title}. ${en.failed.attempts.text}`, 'the same to hear');
  });

  it('uses the words that the page sets in `strings`', async () => {
    const strings = { guidance: { moveCloser: 'Näher, bitte' }, cancel: 'Abbrechen' };
    mount({ script: { report: hint('moveCloser') }, properties: { strings } });
    await harness.framing();
    await until(() => harness.title === 'Näher, bitte', 'the words');
    expect(harness.buttons).toEqual(['Abbrechen']);
  });
});

describe('styling, updates and input', () => {
  it.each(['framing', 'canceled'] as const)(
    ':state(%s) matches in that state, and :state(idle) before a session',
    async (state) => {
      mount();
      expect(harness.element.matches(':state(idle)'), 'from the beginning').toBe(true);
      await harness.framing();
      expect(harness.element.matches(':state(idle)')).toBe(false);
      if (state === 'canceled') harness.element.cancel();
      await harness.reached(state);
      expect(harness.element.matches(`:state(${state})`)).toBe(true);
      expect(harness.element.matches(':state(preparing)')).toBe(false);
    },
  );

  it('without attachInternals() there are no custom states, but a session runs', async () => {
    const prototype = HTMLElement.prototype as Partial<HTMLElement>;
    const { attachInternals } = prototype;
    delete prototype.attachInternals;
    try {
      mount();
    } finally {
      Object.assign(prototype, { attachInternals });
    }
    await harness.framing();
    expect(harness.element.matches(':state(framing)')).toBe(false);
  });

  describe('no update schedules another, which Lit would warn about, when', () => {
    const { litIssuedWarnings } = globalThis as unknown as { litIssuedWarnings: Set<string> };
    const script = { report: { phase: 'prompting', promptReason: 'required' } } as const;

    it.each<[string, Options, () => Promise<void>]>([
      [
        'the focused control disappears',
        { script },
        async () => {
          void harness.start();
          await harness.reached('prompting');
          harness.button(en.agree).focus();
          harness.report({ phase: 'turning', ...hint('lookLeft') });
          await userEvent.keyboard('{Enter}');
          await harness.reached('activeMotion');
        },
      ],
      [
        'autostart starts a session',
        { properties: { autostart: true, authToken: TOKEN } },
        () => harness.reached('framing'),
      ],
      [
        'another camera-id is set',
        {},
        async () => {
          await harness.framing();
          harness.element.cameraId = 'another';
          await until(() => harness.cameraRequests > 1, 'the other camera');
        },
      ],
    ])('%s', async (_, options, happen) => {
      // Lit gives each warning only once per page.
      litIssuedWarnings.clear();
      mount(options);
      await happen();
      await harness.element.updateComplete;
      expect([...litIssuedWarnings]).toEqual([]);
    });
  });

  it('a double click on start starts, and does not cancel', async () => {
    mount({ properties: { authToken: TOKEN } });
    await harness.element.updateComplete;
    await userEvent.dblClick(harness.button(en.start));
    await harness.reached('framing');
    expect(harness.states).not.toContain('canceled');
  });

  it('the keyboard alone can start and cancel, and then finds the focus before “Try again”', async () => {
    mount({ properties: { authToken: TOKEN } });
    await harness.element.updateComplete;
    await userEvent.tab();
    expect(harness.root.activeElement).toBe(harness.button(en.start));
    await userEvent.keyboard('{Enter}');
    await harness.reached('framing');
    expect(harness.root.activeElement, 'the way out is at hand').toBe(harness.button(en.cancel));
    await userEvent.keyboard('{Enter}');
    await harness.reached('canceled');
    await until(() => harness.root.activeElement?.tagName === 'H2', 'focus on the title');
    await userEvent.tab();
    expect(harness.root.activeElement).toBe(harness.button(en.tryAgain));
  });

  it('the head-turn prompt can be answered with the keyboard, without losing the focus', async () => {
    mount({ script: { report: { phase: 'prompting', promptReason: 'required' } }, properties: { authToken: TOKEN } });
    await harness.element.updateComplete;
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    await harness.reached('prompting');
    expect(harness.root.activeElement, 'the question took the focus along').not.toBeNull();
    harness.report({ phase: 'turning', ...hint('lookLeft') });
    harness.button(en.agree).focus();
    await userEvent.keyboard('{Enter}');
    await harness.reached('activeMotion');
    expect(harness.root.activeElement).not.toBeNull();
  });
});
