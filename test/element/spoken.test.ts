/** Speech and vibration: what is said and felt, when, and that both stop however a session ends. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../src/strings/en.js';
import { Announcer } from '../../src/view/announcer.js';
import { DONE, ENDED, HINTS } from '../../src/view/haptics.js';
import { Speaker } from '../../src/view/speaker.js';
import { installSpeech } from '../fixtures/page/speech.js';
import { Harness, hint, TOKEN, until, type Options } from './harness.js';

const REAL = { synthesis: window.speechSynthesis, utterance: window.SpeechSynthesisUtterance };

let harness: Harness;
const mount = (options?: Options) => (harness = new Harness(options));
const said = () => window.speech.said.map(({ text }) => text);
const toggle = () => harness.root.querySelector<HTMLButtonElement>('[part~=speak]');

beforeEach(() => installSpeech({ pace: 10 }));
afterEach(async () => {
  await harness.dispose();
  Object.defineProperty(window, 'speechSynthesis', { value: REAL.synthesis, configurable: true });
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: REAL.utterance, configurable: true });
});

describe('spoken guidance', () => {
  it('says each text of the live region once, in the language of the words', async () => {
    mount({ script: { report: hint('moveCloser') }, properties: { speak: true } });
    await harness.framing();
    await until(() => said().includes(en.guidance.moveCloser), 'the hint');
    expect(new Set(window.speech.said.map(({ lang }) => lang))).toEqual(new Set(['en-US']));
    expect(new Set(said()).size, 'each once').toBe(said().length);
    expect(harness.spoken).toBe(en.guidance.moveCloser);
  });

  it('names the answers along with the head-turn prompt', async () => {
    mount({ script: { report: { phase: 'prompting', promptReason: 'required' } }, properties: { speak: true } });
    void harness.start();
    const question = `${en.prompt.title}. ${en.prompt.required} ${en.agree} or ${en.decline}`;
    await until(() => said().includes(question), 'the question');
  });

  it('is silent by default; the person can switch it on, and off in the middle of a word', async () => {
    window.speech.pace = 1_000;
    mount({ properties: { authToken: TOKEN } });
    await until(() => harness.spoken !== '', 'the live region');
    expect(said()).toEqual([]);
    expect(toggle()?.ariaLabel).toBe(en.speak);
    expect(toggle()?.ariaPressed).toBe('false');
    toggle()?.click();
    await until(() => said().length === 1, 'what there is to say');
    expect(said()[0]).toContain(en.idle.title);
    expect(toggle()?.ariaPressed).toBe('true');
    toggle()?.click();
    await until(() => window.speech.said[0]?.broken === true, 'silence');
    await harness.element.updateComplete;
    expect(toggle()?.ariaPressed).toBe('false');
  });

  it('is silent and not offered until there is a voice for the language', async () => {
    window.speech.voices = ['de-DE'];
    mount({ properties: { speak: true } });
    await until(() => harness.spoken !== '', 'the live region');
    expect(toggle()).toBeNull();
    expect(said()).toEqual([]);
    window.speech.voices = ['de-DE', 'en-GB'];
    window.speech.changed();
    await until(() => said().length === 1, 'what there is to say');
    await harness.element.updateComplete;
    expect(toggle()).not.toBeNull();
  });

  it('goes on to the next text if the voice never ends the last one', async () => {
    window.speech.pace = Infinity;
    mount({ script: { report: hint('moveCloser') }, properties: { speak: true } });
    await until(() => said().length === 1, 'the first words');
    await harness.framing();
    await until(() => said().includes(en.guidance.moveCloser), 'the hint');
  });

  it('is not offered in a browser without speech, where a session still succeeds', async () => {
    Object.defineProperty(window, 'speechSynthesis', { value: undefined, configurable: true });
    mount({ script: { report: { phase: 'captured' } }, properties: { speak: true } });
    expect(await harness.start()).toMatchObject({ digest: 'A'.repeat(64) });
    expect(toggle()).toBeNull();
  });

  it('falls silent when the element is removed, and stays so', async () => {
    window.speech.pace = 1_000;
    mount({ script: { report: hint('moveCloser') }, properties: { speak: true } });
    await harness.framing();
    await until(() => said().length > 0, 'a word');
    harness.element.remove();
    expect(window.speech.said.at(-1)?.broken).toBe(true);
    const count = said().length;
    window.speech.changed();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(said()).toHaveLength(count);
  });
});

/** The texts for the live region go straight to the voice, with fake timers, since the tests measure seconds. */
describe('timing of the voice', () => {
  let speaker: Speaker;
  let announcer: Announcer;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    speaker = new Speaker({ addController: () => undefined, requestUpdate: () => undefined } as never);
    announcer = new Announcer((text) => speaker.say(text, 'en'));
  });
  afterEach(() => vi.useRealTimers());

  function announce(text: string, thenMs: number): void {
    announcer.announce(text);
    vi.advanceTimersByTime(thenMs);
  }

  it('finishes a text, and then says only what is current by then', () => {
    announce('Come closer', 100);
    for (const text of ['Move left', 'Hold still', 'Move left']) announce(text, 150);
    vi.advanceTimersByTime(5_000);
    expect(said()).toEqual(['Come closer', 'Move left']);
    const [before, after] = window.speech.said;
    expect((after?.at ?? 0) - (before?.at ?? 0)).toBeGreaterThan(1_500);
    expect(before?.broken).toBe(false);
  });

  it('does not repeat a text that was replaced and came back while it was being said', () => {
    window.speech.pace = 150;
    announce('Look at the camera', 0);
    window.speech.pace = Infinity;
    // Its speaking begins when the first text has ended, and never ends; the other texts reach the voice meanwhile.
    announce('Come closer', 2_700);
    announce('Move left', 900);
    announce('Come closer', 1_800);
    vi.advanceTimersByTime(5_000);
    expect(said()).toEqual(['Look at the camera', 'Come closer']);
  });

  it('finishes a text that was replaced and came back, however long it takes', () => {
    window.speech.pace = 320;
    for (const text of ['Come closer', 'Move left', 'Come closer']) speaker.say(text, 'en');
    vi.advanceTimersByTime(3_300);
    expect(window.speech.said).toMatchObject([{ text: 'Come closer', broken: false }]);
    speaker.hush();
    expect(window.speech.said, 'it was still being said').toMatchObject([{ broken: true }]);
  });
});

describe('vibrating guidance', () => {
  const felt: unknown[] = [];

  beforeEach(() => {
    felt.length = 0;
    vi.spyOn(navigator, 'vibrate').mockImplementation((pattern) => {
      felt.push(pattern);
      return true;
    });
    vi.spyOn(navigator.userActivation, 'hasBeenActive', 'get').mockReturnValue(true);
  });
  afterEach(() => vi.restoreAllMocks());

  it('vibrates for a direction and for success', async () => {
    mount({ script: { report: hint('moveLeft') }, properties: { vibrate: true } });
    const result = harness.start();
    await until(() => felt.length > 0, 'the direction');
    harness.report({ phase: 'captured' });
    await result;
    expect(felt).toEqual([HINTS.moveLeft, DONE]);
  });

  it('stops when the element is removed, without the pattern for an end', async () => {
    mount({ script: { report: hint('moveLeft') }, properties: { vibrate: true } });
    await harness.framing();
    await until(() => felt.length > 0, 'the direction');
    harness.element.remove();
    await harness.reached('canceled');
    expect(felt.at(-1)).toEqual([]);
    expect(felt).not.toContainEqual(ENDED);
  });

  it('is off by default, and off until the person has touched the page', async () => {
    mount({ script: { report: hint('moveLeft') } });
    await harness.framing();
    await until(() => harness.title === en.guidance.moveLeft, 'the hint');
    harness.element.vibrate = true;
    vi.spyOn(navigator.userActivation, 'hasBeenActive', 'get').mockReturnValue(false);
    harness.element.cancel();
    await harness.reached('canceled');
    expect(felt).toEqual([]);
  });
});
