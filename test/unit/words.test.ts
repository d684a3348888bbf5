import { describe, expect, it } from 'vitest';
import { LIVENESS_ERRORS, type LivenessErrorCode } from '../../src/protocol/errors.js';
import { CORRECTIONS, GUIDANCE, type GuidanceCode } from '../../src/protocol/guidance.js';
import { overlay } from '../../src/protocol/overlay.js';
import { en } from '../../src/strings/en.js';
import ja from '../../src/strings/locales/ja.js';
import { announcementOf, guidanceWords, wordsOf } from '../../src/view/words.js';
import { attemptOf } from './samples.js';
import { STATES } from './states.js';

const guided = { name: 'framing', run: 1, waiting: null, attempt: attemptOf(), guidance: null, progress: 0 } as const;

describe('guidance', () => {
  it.each(GUIDANCE)('%s has words of its own', (code) => {
    const words = GUIDANCE.map((one) => guidanceWords({ code: one, escalation: 0 }, en));
    const own = guidanceWords({ code, escalation: 0 }, en);
    expect(own).not.toBe('');
    expect(words.filter((one) => one === own)).toHaveLength(1);
  });

  it.each(CORRECTIONS)('%s has other words once it escalates', (code) => {
    const [first, later] = ([0, 1] as const).map((escalation) => guidanceWords({ code, escalation }, en));
    expect(later).not.toBe(first);
    expect(guidanceWords({ code, escalation: 2 }, en)).toBe(later);
  });

  it('holding keeps its words, since there are no others', () => {
    expect(guidanceWords({ code: 'holding', escalation: 2 }, en)).toBe(en.guidance.holding);
  });

  it('has at most 30 characters', () => {
    for (const text of Object.values(en.guidance)) expect(text.length, text).toBeLessThanOrEqual(30);
  });
});

describe('help', () => {
  const help = (code: GuidanceCode, escalation: 0 | 1 | 2) =>
    wordsOf({ ...guided, guidance: { code, escalation } }, en).text;

  it('comes only with the last escalation', () => {
    expect(([0, 1, 2] as const).map((escalation) => help('moveCloser', escalation))).toEqual(['', '', en.help]);
  });

  it.each(['cameraStalled', 'severalFaces', 'rotateBack'] as const)('is empty for %s', (code) => {
    expect(help(code, 2)).toBe('');
  });
});

describe('states', () => {
  it.each(Object.keys(LIVENESS_ERRORS) as LivenessErrorCode[])(
    'failed with %s: says what happened and what to do',
    (code) => {
      const failure = { code, message: 'for the console' };
      const { title, text } = wordsOf({ name: 'failed', run: 1, failure, attemptsRemaining: 2 }, en);
      expect(title).not.toBe('');
      expect(text).not.toBe('');
      expect(`${title} ${text}`).not.toContain('for the console');
      if (/try again/i.test(text)) expect(LIVENESS_ERRORS[code].retryable, 'what is offered can help').toBe(true);
    },
  );

  it.each(Object.keys(LIVENESS_ERRORS) as LivenessErrorCode[])(
    'failed with %s on the last attempt: promises another try only with another session',
    (code) => {
      const failure = { code, message: 'for the console' };
      const last = { name: 'failed', run: 1, failure, attemptsRemaining: 0 } as const;
      const own = wordsOf({ ...last, attemptsRemaining: null }, en);
      const text = LIVENESS_ERRORS[code].retryable ? en.failed.attempts.text : own.text;
      expect(wordsOf(last, en)).toEqual({ title: own.title, text });
      expect(announcementOf(last, en, 'en')).not.toMatch(/try again/i);
      expect(wordsOf(last, en, true)).toEqual(own);
    },
  );

  it('speaks of the camera prompt only until the camera is on', () => {
    const { preparing } = STATES;
    const preparation = { ...preparing.preparation, camera: true };
    expect(wordsOf(preparing, en)).toEqual(en.preparing);
    expect(wordsOf({ ...preparing, preparation }, en)).toEqual({ title: en.preparing.title, text: '' });
  });

  it('announces the camera prompt only until the camera is on', () => {
    const { preparing } = STATES;
    const preparation = { ...preparing.preparation, camera: true };
    expect(announcementOf(preparing, en, 'en')).toBe(`${en.preparing.title}. ${en.preparing.text}`);
    expect(announcementOf({ ...preparing, preparation }, en, 'en')).toBe(en.preparing.title);
    expect(announcementOf({ ...preparing, waiting: 'connection' }, en, 'en')).toBe(en.offline.title);
  });

  it('says what to do even before the first frame', () => {
    expect(wordsOf(guided, en).title).toBe(en.guidance.noFace);
  });

  it.each(['tooDark', 'tooBright', 'required'] as const)('gives the reason for head turns: %s', (reason) => {
    const { title, text } = wordsOf({ name: 'prompting', run: 1, waiting: null, attempt: attemptOf(), reason }, en);
    expect([title, text]).toEqual([en.prompt.title, en.prompt[reason]]);
  });

  it('mentions a smile if one is asked for, in the announcement too', () => {
    const attempt = attemptOf({ directions: ['lookLeft', 'smile'] });
    const asking = { name: 'prompting', run: 1, waiting: null, attempt, reason: 'required' } as const;
    expect(wordsOf(asking, en).text).toBe(`${en.prompt.required} ${en.prompt.smile}`);
    expect(announcementOf(asking, en, 'en')).toContain(en.prompt.smile);
    expect(wordsOf(asking, ja).text).toBe(ja.prompt.required + ja.prompt.smile);
    const silent = overlay(en, { prompt: { smile: '' } });
    expect(wordsOf(asking, silent).text).toBe(en.prompt.required);
  });
});

describe('overrides', () => {
  it('change one sentence and leave its neighbours', () => {
    const strings = overlay(en, { start: 'Go', guidance: { noFace: 'Where are you?' } });
    expect(strings.start).toBe('Go');
    expect(strings.guidance).toEqual({ ...en.guidance, noFace: 'Where are you?' });
    expect(strings.failed).toEqual(en.failed);
  });

  it('do not change the locale itself', () => {
    overlay(en, { guidance: { noFace: 'Where are you?' } });
    expect(en.guidance.noFace).toBe('Look at the camera');
  });

  it('change the words of a canceled session too', () => {
    const strings = overlay(en, { failed: { canceled: { title: 'Stopped' } } });
    expect(wordsOf(STATES.canceled, strings)).toEqual({ title: 'Stopped', text: en.failed.canceled.text });
    expect(wordsOf({ ...STATES.canceled, mayHaveSent: true }, strings)).toEqual({ title: 'Stopped', text: '' });
  });

  it('may leave a state without words, of which nothing is announced', () => {
    const strings = overlay(en, { idle: { title: '', text: '' } });
    expect(announcementOf({ name: 'idle' }, strings, 'en')).toBe('');
  });
});
