/** Finds the locale for a language, and loads its words. English is built in; the others are loaded on demand. */
import { en } from './en.js';
import type { LivenessStrings } from './strings.js';

/** One chunk per file, in `locales/` beside the script: adding a file adds a locale. */
const FILES = import.meta.glob<LivenessStrings>('./locales/*.ts', { import: 'default' });

/** Tags of all locales, sorted. */
export const LOCALES: readonly string[] = ['en', ...Object.keys(FILES).map(tagOf)].sort();

/**
 * Languages for which another locale serves better than English. Portuguese outside Brazil follows the European norm.
 */
const STAND_INS: Record<string, string> = { no: 'nb', pt: 'pt-PT', yue: 'zh-Hant', gsw: 'de' };

const RIGHT_TO_LEFT = ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm'];

/**
 * Finds the locale closest to a language: with the same script, else the same region, else the same language. A locale
 * in a script the reader did not ask for does not count: `uz-Cyrl` is not answered in Latin letters.
 *
 * @param tag BCP 47, in any case; underscores count as hyphens
 * @returns one of {@link LOCALES}, or null if there is none
 */
export function resolveLocale(tag: string): string | null {
  const wanted = localeOf(tag)?.maximize();
  if (!wanted) return null;
  const { language, script, region } = wanted;
  const isReadable = (other: string) => localeOf(other)?.maximize().script === script;
  const others = [language, STAND_INS[language] ?? ''].filter(isReadable);
  const candidates = [`${language}-${script}`, `${language}-${region}`, ...others];
  return candidates.find((candidate) => LOCALES.includes(candidate)) ?? null;
}

/** Writing direction of a language; left to right if the tag is invalid. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.includes(localeOf(tag)?.maximize().script ?? '') ? 'rtl' : 'ltr';
}

const loads = new Map<string, Promise<LivenessStrings>>();

/**
 * Loads each file once; after a failure, a later call tries again. In older browsers it then fails again for the life
 * of the page: https://github.com/whatwg/html/pull/10327
 *
 * @param locale one of {@link LOCALES}
 * @throws TypeError if the file cannot be fetched
 */
export function loadStrings(locale: string): Promise<LivenessStrings> {
  const load = loads.get(locale) ?? FILES[`./locales/${locale}.ts`]?.() ?? Promise.resolve(en);
  loads.set(locale, load);
  load.catch(() => loads.delete(locale));
  return load;
}

/** @returns null if the tag is invalid */
export function localeOf(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(withoutExtlang(tag.replaceAll('_', '-')));
  } catch {
    return null;
  }
}

/**
 * Removes the extended language, as in `zh-cmn-Hans`: BCP 47 allows it and `Intl` does not. The primary language before
 * it is the one we have words for, except that `zh-yue` becomes `yue`: `zh` alone would mean simplified characters.
 */
function withoutExtlang(tag: string): string {
  return tag.replace(/^zh-(?=yue\b)/i, '').replace(/^([a-z]{2,3})(-[a-z]{3}\b){1,3}/i, '$1');
}

function tagOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
}
