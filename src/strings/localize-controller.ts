/** Keeps an element's words in the language around it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { overlay } from '../protocol/overlay.js';
import { en } from './en.js';
import { directionOf, loadStrings, localeOf, resolveLocale } from './localize.js';
import type { LivenessStrings, StringOverrides } from './strings.js';

/** Nobody waits longer than this for words: then it is English until theirs arrive. */
const DEADLINE_MS = 3_000;

interface Spoken {
  /** BCP 47, as the page names it. */
  lang: string;
  words: LivenessStrings;
  /** The words are in that language. */
  covered: boolean;
}

const ENGLISH: Spoken = { lang: 'en', words: en, covered: true };

interface LocalizedHost extends ReactiveControllerHost, HTMLElement {
  /** Laid over the language's own words. */
  strings: StringOverrides;
}

/**
 * Follows `lang` of the element, else of the closest ancestor that has one, across shadow roots; English where none
 * has, or where there are no words in that language. A change while a session runs changes the words and nothing else;
 * the words before stay until the new ones are there.
 */
export class LocalizeController implements ReactiveController {
  /** What the page asks for; null after a load failed or the element went, so that it is tried again. */
  #asked: string | null = null;
  /** Null until the first words are there. */
  #spoken: Spoken | null = null;
  #observer: MutationObserver | null = null;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  readonly #host: LocalizedHost;

  constructor(host: LocalizedHost) {
    this.#host = host;
    host.addController(this);
  }

  /** False while the first words of a page are on their way: nothing should be said in another language meanwhile. */
  get ready(): boolean {
    return this.#spoken !== null;
  }

  get strings(): LivenessStrings {
    return overlay((this.#spoken ?? ENGLISH).words, this.#host.strings);
  }

  /** BCP 47 tag of the language of `strings`. In a language without a locale, who sets `strings` brings the words. */
  get lang(): string {
    const { lang, covered } = this.#spoken ?? ENGLISH;
    return covered || Object.keys(this.#host.strings ?? {}).length > 0 ? lang : 'en';
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

  /** Looks at the page's language anew, and tries again what could not be fetched. */
  follow = (): void => {
    const tag = localeOf(languageAround(this.#host))?.toString() ?? 'en';
    if (tag !== this.#asked) void this.#load(tag);
  };

  async #load(tag: string): Promise<void> {
    this.#asked = tag;
    clearTimeout(this.#deadline);
    const locale = resolveLocale(tag);
    if (locale === null || locale === 'en') {
      this.#speak({ lang: tag, words: en, covered: locale !== null });
      return;
    }
    if (!this.ready) this.#deadline = setTimeout(() => this.#speak(ENGLISH), DEADLINE_MS);
    try {
      const words = await loadStrings(locale);
      if (tag === this.#asked) this.#speak({ lang: tag, words, covered: true });
    } catch {
      if (tag !== this.#asked) return;
      this.#asked = null;
      if (!this.ready) this.#speak(ENGLISH);
    }
  }

  #speak(spoken: Spoken): void {
    clearTimeout(this.#deadline);
    this.#spoken = spoken;
    this.#host.requestUpdate();
  }
}

/** The element's root, its host's root, and so on up to the document: no observer sees through a shadow root. */
function rootsAround(element: Element): Node[] {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? [root, ...rootsAround(root.host)] : [root];
}

/**
 * HTML's way to find the language of a node: its own, else its closest ancestor's, through shadow hosts. Only that an empty
 * one ends no search: templates write it where they have no value, and nobody reads words in an unknown language.
 */
function languageAround(element: Element): string {
  const marked = element.closest('[lang]:not([lang=""])');
  if (marked) return marked.getAttribute('lang') ?? '';
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? languageAround(root.host) : '';
}
