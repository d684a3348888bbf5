/** Which locale speaks a language, and its words. English is built in; the others load when they are asked for. */
import { en } from './en.js';
import type { LivenessStrings } from './strings.js';

/** One chunk for each file, in `locales/` beside the script: adding a file adds a locale. */
const FILES = import.meta.glob<LivenessStrings>('./locales/*.ts', { import: 'default' });

/** Tags of the locales there are words in, sorted. */
export const LOCALES: readonly string[] = ['en', ...Object.keys(FILES).map(tagOf)].sort();

/** Where another locale serves better than English. Portuguese outside Brazil follows the European norm. */
const STAND_INS: Record<string, string> = { no: 'nb', pt: 'pt-PT', yue: 'zh-Hant', gsw: 'de' };

const RIGHT_TO_LEFT = ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm'];

/**
 * The locale whose words come closest to a language: the same script, else the same region, else the same language.
 * A locale in a script the reader did not ask for is none: `uz-Cyrl` is not answered in Latin letters.
 *
 * @param tag BCP 47, in any case; underscores are taken for hyphens
 * @returns one of {@link LOCALES}, or null where there is none
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

/** Which way a language is written; left to right where the tag is none. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.includes(localeOf(tag)?.maximize().script ?? '') ? 'rtl' : 'ltr';
}

const loads = new Map<string, Promise<LivenessStrings>>();

/**
 * Each file is fetched once; after a failure it may be asked for again. Older browsers then give the same failure, for the
 * life of the page: https://github.com/whatwg/html/pull/10327
 *
 * @param locale one of {@link LOCALES}
 * @throws TypeError where its file cannot be fetched
 */
export function loadStrings(locale: string): Promise<LivenessStrings> {
  const load = loads.get(locale) ?? FILES[`./locales/${locale}.ts`]?.() ?? Promise.resolve(en);
  loads.set(locale, load);
  load.catch(() => loads.delete(locale));
  return load;
}

/** @returns null where the tag is none */
export function localeOf(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(withoutExtlang(tag.replaceAll('_', '-')));
  } catch {
    return null;
  }
}

/**
 * BCP 47 allows an extended language, as in `zh-cmn-Hans`, and `Intl` does not. The language before it is the one there are
 * words in; but `zh` alone is taken for simplified characters, and `yue` is not.
 */
function withoutExtlang(tag: string): string {
  return tag.replace(/^zh-(?=yue\b)/i, '').replace(/^([a-z]{2,3})(-[a-z]{3}\b){1,3}/i, '$1');
}

function tagOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
}
