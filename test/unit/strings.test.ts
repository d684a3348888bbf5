/** Every locale is complete, in its own script and language, short enough, and does not confuse left and right. */
import { describe, expect, it } from 'vitest';
import { en } from '../../src/strings/en.js';
import { directionOf, loadStrings, LOCALES } from '../../src/strings/localize.js';
import type { LivenessStrings } from '../../src/strings/strings.js';
import { SIDES } from './strings-sides.js';

/** Keys of the texts that are the same as in English. */
const SAME_AS_ENGLISH: Record<string, string[]> = { cy: ['camera'], fil: ['camera'], nl: ['camera'], vi: ['camera'] };

/** The Unicode scripts of locales whose script in `Intl.Locale` is not one: Jpan, Kore, Hans, Hant. */
const SCRIPTS: Record<string, string[]> = {
  ja: ['Hira', 'Kana', 'Hani'],
  ko: ['Hang'],
  'zh-Hans': ['Hani'],
  'zh-Hant': ['Hani'],
};

/** Share of its texts that a locale may have in common with another. Bosnian and Croatian share 0.6. */
const MOST_IN_COMMON = 0.9;

const everyLocale = await Promise.all(
  LOCALES.map(async (tag) => [tag, await loadStrings(tag)] as [string, LivenessStrings]),
);
const locales = everyLocale.filter(([tag]) => tag !== 'en');

/** Pairs of path and text, such as `guidance.noFace` and “Look at the camera”. */
function flat(strings: object, path = ''): [string, string][] {
  return Object.entries(strings).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flat(value as object, `${path}${key}.`),
  );
}

const isExplanation = (path: string) => /(^help|\.text|^prompt\.(tooDark|tooBright|required|smile))$/.test(path);
const isButton = (path: string) => ['start', 'cancel', 'tryAgain', 'agree', 'decline', 'speak'].includes(path);

describe.each(locales)('%s', (tag, strings) => {
  const words = flat(strings);
  const inCommonWith = (other: LivenessStrings) => {
    const theirs = new Map(flat(other));
    return words.filter(([path, text]) => theirs.get(path) === text).map(([path]) => path);
  };

  it('has every word English has, and no other', () => {
    expect(words.map(([path]) => path).sort()).toEqual(
      flat(en)
        .map(([path]) => path)
        .sort(),
    );
  });

  it('differs from English in every text but the listed exceptions', () => {
    expect(inCommonWith(en)).toEqual(SAME_AS_ENGLISH[tag] ?? []);
  });

  it('is not a copy of another locale', () => {
    const most = MOST_IN_COMMON * words.length;
    const alike = locales.filter(([other, theirs]) => other !== tag && inCommonWith(theirs).length > most);
    expect(alike.map(([other]) => other)).toEqual([]);
  });

  it('has only letters of its own script', () => {
    const scripts = SCRIPTS[tag] ?? [new Intl.Locale(tag).maximize().script];
    const own = scripts.map((script) => `\\p{Script_Extensions=${script}}`).join('');
    const foreign = new RegExp(`(?![${own}\\p{Script=Common}])\\p{Letter}`, 'u');
    expect(words.filter(([, text]) => foreign.test(text))).toEqual([]);
  });

  it('has no placeholder, no straight quote, no stray blank and no decomposed character', () => {
    const unclean = /[{}<>%$\\"'`*_[\]]|^\s|\s$|\s\s|\s[.,;!。、।؟،]|\.\.|TODO|\p{Cc}|\uFFFD/u;
    expect(words.filter(([, text]) => unclean.test(text) || text !== text.normalize('NFC'))).toEqual([]);
  });

  it('ends explanations with a full stop, but not titles and buttons', () => {
    // Thai and Lao do not mark the end of a sentence.
    const end = /[.。।۔։។]$/u;
    const marksEnd = !['th', 'lo'].includes(tag);
    expect(words.filter(([path, text]) => end.test(text) !== (marksEnd && isExplanation(path)))).toEqual([]);
  });

  it('is short enough to be read at a glance', () => {
    const limit = (path: string) =>
      isButton(path) ? 30 : isExplanation(path) ? 170 : path.startsWith('escalated.') ? 64 : 45;
    expect(words.filter(([path, text]) => text.length > limit(path))).toEqual([]);
  });

  it('has other words for each guidance, and others again once it escalates', () => {
    const first = Object.values(strings.guidance);
    expect(new Set(first).size).toBe(first.length);
    for (const [code, text] of Object.entries(strings.escalated)) {
      expect(text, code).not.toBe(strings.guidance[code as keyof typeof strings.guidance]);
    }
  });

  it('says left for left and right for right', () => {
    if (!SIDES[tag]) throw new Error(`test/unit/strings-sides.ts lacks the words of "${tag}" for left and right`);
    const [left, right] = SIDES[tag];
    const sides = (text = '') => [left, right].map((side) => text.toLocaleLowerCase(tag).includes(side));
    for (const { moveLeft, moveRight, lookLeft, lookRight } of [strings.guidance, strings.escalated]) {
      expect([moveLeft, lookLeft].map(sides)).toEqual([
        [true, false],
        [true, false],
      ]);
      expect([moveRight, lookRight].map(sides)).toEqual([
        [false, true],
        [false, true],
      ]);
    }
  });
});

it('the locales that are written from right to left are ar, fa, he and ur', () => {
  expect(LOCALES.filter((tag) => directionOf(tag) === 'rtl')).toEqual(['ar', 'fa', 'he', 'ur']);
});
