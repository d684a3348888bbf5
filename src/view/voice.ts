/** Chooses the voice of the device for a language. */
import { localeOf } from '../strings/localize.js';

/**
 * Considers only voices of the device itself: others send every word to their vendor.
 *
 * @param lang BCP 47
 * @returns null if no voice of the device speaks it
 */
export function chooseVoice(voices: readonly SpeechSynthesisVoice[], lang: string): SpeechSynthesisVoice | null {
  const wanted = spoken(lang);
  if (!wanted) return null;
  const likeness = (voice: SpeechSynthesisVoice) => {
    const { region, script } = spoken(voice.lang) ?? {};
    return Number(region === wanted.region) * 4 + Number(script === wanted.script) * 2 + Number(voice.default);
  };
  const [first] = voices
    .filter((voice) => voice.localService && spoken(voice.lang)?.language === wanted.language)
    .sort((a, b) => likeness(b) - likeness(a));
  return first ?? null;
}

/** Android writes `en_US`; systems call Norwegian Bokmål `no` as often as `nb`. */
function spoken(tag: string): Intl.Locale | undefined {
  return localeOf(tag.replace(/^no\b/, 'nb'))?.maximize();
}
