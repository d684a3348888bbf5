/** Keeps an element's words in the language of the page around it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { overlay } from '../protocol/overlay.js';
import { rootsAround } from '../roots-around.js';
import { en } from './en.js';
import { directionOf, loadStrings, localeOf, resolveLocale } from './localize.js';
import type { LivenessStrings, StringOverrides } from './strings.js';

/** Maximum wait for the words: after that English is shown until they arrive. */
const DEADLINE_MS = 3_000;

interface Language {
  /** BCP 47 tag of the language the page asks for. */
  lang: string;
  words: LivenessStrings;
  /** Whether the words are in that language. */
  covered: boolean;
}

const ENGLISH: Language = { lang: 'en', words: en, covered: true };

interface LocalizedHost extends ReactiveControllerHost, HTMLElement {
  /** Overrides of the language's own words. */
  strings: StringOverrides;
}

/**
 * Follows the `lang` of the element, or of its closest ancestor that has one, across shadow roots; English if there is
 * none, or if there are no words in that language. A change during a session changes only the words; the old words stay
 * until the new ones have loaded.
 */
export class LocalizeController implements ReactiveController {
  /**
   * The language the page asks for; null after a load failed or the element was removed, so that the next call tries
   * again.
   */
  #asked: string | null = null;
  /** Null until the first words have loaded. */
  #language: Language | null = null;
  #observer: MutationObserver | null = null;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  readonly #host: LocalizedHost;

  constructor(host: LocalizedHost) {
    this.#host = host;
    host.addController(this);
  }

  /** False while the first words are loading: meanwhile nothing should be shown or spoken in another language. */
  get ready(): boolean {
    return this.#language !== null;
  }

  get strings(): LivenessStrings {
    return overlay((this.#language ?? ENGLISH).words, this.#host.strings);
  }

  /**
   * BCP 47 tag of the language of `strings`. For a language without a locale, the page has to override every word. As
   * long as one is missing, perhaps because a newer version added it, it is shown in English, and all words count as
   * English.
   */
  get lang(): string {
    const { lang, covered } = this.#language ?? ENGLISH;
    return covered || covers(this.#host.strings, en) ? lang : 'en';
  }

  get dir(): 'ltr' | 'rtl' {
    return directionOf(this.lang);
  }

  hostConnected(): void {
    this.#observer ??= new MutationObserver(this.follow);
    for (const root of rootsAround(this.#host)) {
      this.#observer.observe(root, { subtree: true, attributes: true, attributeFilter: ['lang'] });
    }
    addEventListener('online', this.follow);
    this.follow();
  }

  hostDisconnected(): void {
    removeEventListener('online', this.follow);
    this.#observer?.disconnect();
    clearTimeout(this.#deadline);
    this.#asked = null;
  }

  /** Checks the language of the page again, and retries what could not be fetched. */
  follow = (): void => {
    const tag = localeOf(languageAround(this.#host))?.toString() ?? 'en';
    if (tag !== this.#asked) void this.#load(tag);
  };

  async #load(tag: string): Promise<void> {
    this.#asked = tag;
    clearTimeout(this.#deadline);
    const locale = resolveLocale(tag);
    if (locale === null || locale === 'en') {
      this.#use({ lang: tag, words: en, covered: locale !== null });
      return;
    }
    if (!this.ready) this.#deadline = setTimeout(() => this.#use(ENGLISH), DEADLINE_MS);
    try {
      const words = await loadStrings(locale);
      if (tag === this.#asked) this.#use({ lang: tag, words, covered: true });
    } catch {
      if (tag !== this.#asked) return;
      this.#asked = null;
      if (!this.ready) this.#use(ENGLISH);
    }
  }

  #use(language: Language): void {
    clearTimeout(this.#deadline);
    this.#language = language;
    this.#host.requestUpdate();
  }
}

/**
 * Whether there is an override for every word, at any depth. As in `overlay`, `undefined` and `null` do not override.
 */
function covers(overrides: unknown, words: object): boolean {
  return Object.entries(words).every(([key, word]) => {
    const own = (overrides as Record<string, unknown> | null | undefined)?.[key];
    return typeof word === 'object' ? covers(own, word as object) : typeof own === 'string';
  });
}

/**
 * Finds the language of a node as HTML defines it: its own, else that of its closest ancestor, through shadow hosts.
 * Unlike in HTML, an empty `lang` does not end the search: templates write it when they have no value, and words in an
 * unknown language help nobody.
 */
function languageAround(element: Element): string {
  const marked = element.closest('[lang]:not([lang=""])');
  if (marked) return marked.getAttribute('lang') ?? '';
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? languageAround(root.host) : '';
}
