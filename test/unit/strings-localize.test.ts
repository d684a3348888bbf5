/** Finding the locale for a language tag, and loading its words. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../src/strings/en.js';
import { directionOf, loadStrings, LOCALES, resolveLocale } from '../../src/strings/localize.js';

describe('resolveLocale', () => {
  it.each(LOCALES)('resolves %s to itself', (tag) => expect(resolveLocale(tag)).toBe(tag));

  it.each([
    ['de-AT', 'de'],
    ['DE-at', 'de'],
    ['en-GB', 'en'],
    ['es-419', 'es'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-TW', 'zh-Hant'],
    ['zh_TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hans-HK', 'zh-Hans'],
    ['yue', 'zh-Hant'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-PT'],
    ['pt-AO', 'pt-PT'],
    ['no', 'nb'],
    ['nn-NO', 'nn'],
    ['sr', 'sr-Cyrl'],
    ['sr-Latn-RS', 'sr-Latn'],
    ['sr-ME', 'sr-Latn'],
    ['gsw-CH', 'de'],
    // Extended language subtags.
    ['zh-cmn-Hans', 'zh-Hans'],
    ['zh-cmn-Hans-CN', 'zh-Hans'],
    ['zh_CMN_hant_tw', 'zh-Hant'],
    ['zh-cmn-TW', 'zh-Hant'],
    ['zh-min-nan-TW', 'zh-Hant'],
    ['zh-yue', 'zh-Hant'],
    ['zh-yue-HK', 'zh-Hant'],
    ['ar-arb', 'ar'],
    ['ar-arz-EG', 'ar'],
    // Deprecated codes.
    ['iw', 'he'],
    ['in', 'id'],
    ['tl', 'fil'],
    ['sh', 'sr-Latn'],
  ])('resolves %s to %s', (tag, locale) => expect(resolveLocale(tag)).toBe(locale));

  it.each(['', 'tlh', 'not a tag!', '-', 'kk-Arab', 'ms-Arab', 'yue-Hans'])('resolves “%s” to null', (tag) =>
    expect(resolveLocale(tag)).toBeNull(),
  );
});

describe('directionOf', () => {
  it.each(['ar', 'ar-arb', 'ar-EG', 'fa', 'he', 'iw', 'ur', 'ug', 'ckb', 'yi', 'dv', 'pa-PK', 'ms-Arab'])(
    '%s: rtl',
    (tag) => expect(directionOf(tag)).toBe('rtl'),
  );
  it.each(['en', 'tr', 'ku', 'pa', 'az', '', 'not a tag!'])('“%s”: ltr', (tag) => expect(directionOf(tag)).toBe('ltr'));
});

describe('loadStrings', () => {
  const file = '../../src/strings/locales/eu.js';
  afterEach(() => vi.doUnmock(file));

  it('fetches each locale once', async () => {
    const german = loadStrings('de');
    expect(loadStrings('de')).toBe(german);
    expect((await german).cancel).toBe('Abbrechen');
    expect(await loadStrings('en')).toBe(en);
  });

  it('fetches a locale again after a failure', async () => {
    vi.doMock(file, () => {
      throw new TypeError('Failed to fetch dynamically imported module');
    });
    // Test files share one module cache, in which all words may be loaded already.
    vi.resetModules();
    const { loadStrings } = await import('../../src/strings/localize.js');
    const failed = loadStrings('eu');
    await expect(failed).rejects.toThrow();
    vi.doUnmock(file);
    expect((await loadStrings('eu')).cancel).toBe('Utzi');
  });
});
