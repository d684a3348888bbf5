/** What the events of the element tell a page, and when. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../src/strings/en.js';
import { attemptOf } from '../unit/samples.js';
import { EVENTS, Harness, hint, TOKEN, until, type Options } from './harness.js';

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));

afterEach(async () => {
  vi.useRealTimers();
  await harness.dispose();
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
    const receipt = { requestId: 'r-1', digest: 'B'.repeat(64), livenessDecision: 'uncertain' };
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
