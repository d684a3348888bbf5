import { expect, it } from 'vitest';
import { chooseVoice } from '../../src/view/voice.js';

const voice = (lang: string, changes: Partial<SpeechSynthesisVoice> = {}): SpeechSynthesisVoice => ({
  lang,
  name: lang,
  voiceURI: lang,
  default: false,
  localService: true,
  ...changes,
});

const chosen = (lang: string, ...voices: SpeechSynthesisVoice[]) => chooseVoice(voices, lang)?.name ?? null;

it('chooses a voice of the region if there is one, else any of the language', () => {
  const voices = [voice('en-GB'), voice('en-US', { default: true }), voice('de-DE'), voice('pt-PT'), voice('pt-BR')];
  expect(chosen('en-GB', ...voices)).toBe('en-GB');
  expect(chosen('en', ...voices)).toBe('en-US');
  expect(chosen('en-AU', ...voices)).toBe('en-US');
  expect(chosen('de-AT', ...voices)).toBe('de-DE');
  expect(chosen('pt', ...voices)).toBe('pt-BR');
});

it('chooses a voice however the system writes its language', () => {
  expect(chosen('pt-BR', voice('pt_PT'), voice('pt_BR'))).toBe('pt_BR');
  expect(chosen('nb', voice('no-NO'))).toBe('no-NO');
  expect(chosen('he', voice('iw-IL'))).toBe('iw-IL');
  expect(chosen('zh-Hant', voice('zh-CN'), voice('zh-TW'))).toBe('zh-TW');
  expect(chosen('en', voice(''), voice('no such tag'), voice('en-US'))).toBe('en-US');
});

it('chooses no voice of another language, and none that sends the words to its vendor', () => {
  expect(chosen('ar', voice('en-US', { default: true }))).toBe(null);
  expect(chosen('en', voice('en-US', { localService: false }))).toBe(null);
  expect(chosen('no such tag', voice('en-US'))).toBe(null);
  expect(chosen('en')).toBe(null);
});
