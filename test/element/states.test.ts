/** Each state of the element: its words, its controls, its events. */
import { page, userEvent } from 'vitest/browser';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LivenessProgressEvent } from '../../src/events.js';
import type { LivenessErrorCode } from '../../src/protocol/errors.js';
import { en } from '../../src/strings/en.js';
import { attemptOf } from '../unit/samples.js';
import { EVENTS, Harness, hint, TOKEN, until, type Options } from './harness.js';

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

describe('events', () => {
  it('fire `liveness-state` once for each state, in order, through a whole session', async () => {
    mount({ script: { report: hint('moveCloser') } });
    const result = harness.start();
    await harness.reached('framing');
    harness.report({ phase: 'holding', progress: 0.5, ...hint('holding') });
    await harness.reached('capturing');
    harness.report({ phase: 'captured', progress: 1 });
    await result;
    expect(harness.states).toEqual(['preparing', 'framing', 'capturing', 'submitting', 'succeeded']);
  });

  it('fire `liveness-guidance` once for each hint, not for each frame', async () => {
    mount({ script: { report: hint('moveCloser') } });
    await harness.framing();
    await until(() => harness.calls('analyse').length > 8, 'frames');
    harness.report(hint('moveCloser', 1));
    await until(() => harness.title === en.escalated.moveCloser, 'the other wording');
    const hints = harness.events.flatMap((event) => ('guidance' in event ? [event.guidance] : []));
    expect(hints.map(({ code, escalation }) => `${code} ${escalation}`)).toEqual(['moveCloser 0', 'moveCloser 1']);
  });

  it('fire `liveness-progress` in its three phases, within 0…1', async () => {
    mount({ script: { report: { phase: 'holding', progress: 0.5, ...hint('holding') } } });
    const result = harness.start();
    await harness.reached('capturing');
    harness.report({ phase: 'captured', progress: 1 });
    await result;
    const progress = harness.events.flatMap((event) => ('phase' in event ? [event] : []));
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(new Set(['loading', 'capture', 'upload']));
    for (const { progress: share } of progress) expect(share >= 0 && share <= 1).toBe(true);
  });

  it('carry the same result as the promise on success', async () => {
    const receipt = { requestId: 'r-1', digest: 'B'.repeat(64), body: { livenessDecision: 'uncertain' } };
    mount({ script: { report: { phase: 'captured' }, receipt: receipt as never } });
    const result = await harness.start();
    await until(() => harness.calls('submit').length > 0, 'what the worker was given');
    const sent = harness.calls('submit')[0]?.given as { clientRequestId: string; url: string; token: string };
    expect(result).toEqual({
      sessionId: attemptOf().sessionId,
      attemptId: 1,
      resultId: 'r-1',
      clientRequestId: sent.clientRequestId,
      digest: 'B'.repeat(64),
      livenessDecision: 'uncertain',
    });
    expect(sent.url).toBe('https://service.invalid/face/v1.2-preview.1/detectLiveness/singleModal');
    expect(sent.token).toBe(TOKEN);
    const complete = harness.events.filter(({ type }) => type === 'liveness-complete');
    expect(complete).toHaveLength(1);
    expect((complete[0] as unknown as { result: unknown }).result).toBe(result);
  });

  it('carry the same error as the promise on failure, with its code', async () => {
    const failure = { code: 'TooManyRequests', message: 'slowly', status: 429, retryAfter: 700 } as const;
    mount({ script: { report: { phase: 'captured' }, submit: { ok: false, failure } } });
    const error = await harness.start();
    expect(error).toMatchObject({ name: 'LivenessError', code: 'TooManyRequests', retryable: true, retryAfter: 700 });
    const errors = harness.events.filter(({ type }) => type === 'liveness-error');
    expect(errors).toHaveLength(1);
    expect((errors[0] as unknown as { error: unknown }).error).toBe(error);
  });

  it('fire `liveness-cancel` once on cancel(), and the promise fails with UserCanceledSession', async () => {
    mount();
    const error = harness.start();
    await harness.reached('framing');
    harness.element.cancel();
    expect(await error).toMatchObject({ code: 'UserCanceledSession', attemptsRemaining: 2 });
    expect(harness.events.filter(({ type }) => type === 'liveness-cancel')).toHaveLength(1);
    expect(harness.events.filter(({ type }) => type === 'liveness-error')).toHaveLength(0);
  });

  it('bubble up to the document, through a shadow root around the element', async () => {
    mount({ script: { report: hint('moveCloser') } });
    const around = document.createElement('div');
    document.body.append(around);
    around.attachShadow({ mode: 'closed' }).append(harness.element);
    const heard: string[] = [];
    const listening = new AbortController();
    for (const type of EVENTS) {
      document.addEventListener(type, () => heard.push(type), { signal: listening.signal });
    }
    await harness.start('no token');
    const done = harness.start();
    await until(() => harness.title === en.guidance.moveCloser, 'the hint');
    harness.report({ phase: 'captured' });
    await done;
    void harness.start();
    harness.element.cancel();
    listening.abort();
    around.remove();
    expect(heard).toEqual(harness.events.map(({ type }) => type));
    expect(new Set(heard)).toEqual(new Set(EVENTS));
  });

  it('fire nothing more of a session that a listener has canceled', async () => {
    mount({ script: { report: { ...hint('moveCloser'), progress: 0.3 } } });
    harness.element.addEventListener('liveness-guidance', () => harness.element.cancel(), { once: true });
    void harness.start();
    await harness.reached('canceled');
    expect(harness.events.at(-1)?.type).toBe('liveness-cancel');
    expect(harness.state).toBe('canceled');
    expect(harness.title).toBe(en.failed.canceled.title);
  });

  it.each(['liveness-error', 'liveness-state'] as const)(
    'allow a listener of %s to start a new session',
    async (type) => {
      mount({ script: { report: { phase: 'failed', failure: 'EnvironmentNotSupported' } } });
      let second: Promise<unknown> | undefined;
      harness.element.addEventListener(type, () => {
        if (harness.state !== 'failed' || second) return;
        harness.report({ phase: 'captured' });
        second = harness.start();
      });
      expect(await harness.start()).toMatchObject({ code: 'EnvironmentNotSupported' });
      expect(await second).toMatchObject({ digest: 'A'.repeat(64) });
    },
  );
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
