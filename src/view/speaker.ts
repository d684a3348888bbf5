/** Speaks the text of the live region in a voice of the device, if the person or the page has switched that on. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { chooseVoice } from './voice.js';

/** A sentence is finished before the next begins, unless it takes longer than this: then it is out of date. */
const PATIENCE_MS = 3_000;

export class Speaker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #current: SpeechSynthesisUtterance | null = null;
  /** Spoken after `current`. It may also wait for a voice: some browsers list theirs only after a while. */
  #next: { text: string; lang: string } | null = null;
  /** When `current` began. */
  #since = 0;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    // Safari has only the handler property, not `addEventListener`.
    this.#synthesis?.addEventListener?.('voiceschanged', this.#voicesChanged);
  }

  hostDisconnected(): void {
    this.#synthesis?.removeEventListener?.('voiceschanged', this.#voicesChanged);
    this.hush();
  }

  canSpeak(lang: string): boolean {
    return chooseVoice(this.#synthesis?.getVoices() ?? [], lang) !== null;
  }

  /** To be called during a user gesture: Safari lets a page speak later only if it has spoken during one. */
  wake(): void {
    if (!this.#current) this.#synthesis?.speak(new SpeechSynthesisUtterance(''));
  }

  /**
   * Speaks `text` after the current sentence, in place of a text that was to follow it. Never throws; without a voice,
   * nothing is spoken.
   */
  say(text: string, lang: string): void {
    clearTimeout(this.#patience);
    // The same text is being spoken: whatever was to follow it is out of date.
    this.#next = this.#current?.text === text ? null : { text, lang };
    if (!this.#current) return this.#sayNext();
    if (!this.#next) return;
    this.#patience = setTimeout(() => this.#interrupt(), this.#since + PATIENCE_MS - performance.now());
  }

  /** Falls silent at once. */
  hush(): void {
    this.#next = null;
    clearTimeout(this.#patience);
    // The page shares the speech queue: cancel only if something of ours is in it.
    if (this.#current) this.#synthesis?.cancel();
    this.#current = null;
  }

  #sayNext(): void {
    const synthesis = this.#synthesis;
    if (!synthesis || !this.#next) return;
    const voice = chooseVoice(synthesis.getVoices(), this.#next.lang);
    if (!voice) return;
    const utterance = new SpeechSynthesisUtterance(this.#next.text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    const ended = () => {
      if (this.#current !== utterance) return;
      clearTimeout(this.#patience);
      this.#current = null;
      this.#sayNext();
    };
    utterance.addEventListener('end', ended, { once: true });
    utterance.addEventListener('error', ended, { once: true });
    this.#next = null;
    this.#current = utterance;
    this.#since = performance.now();
    synthesis.speak(utterance);
  }

  /** Breaks off the current sentence, also for engines that never fire `end`. */
  #interrupt(): void {
    this.#current = null;
    this.#synthesis?.cancel();
    this.#sayNext();
  }

  #voicesChanged = (): void => {
    this.#host.requestUpdate();
    if (!this.#current) this.#sayNext();
  };

  /** Undefined in some web views. */
  get #synthesis(): SpeechSynthesis | undefined {
    return (globalThis as { speechSynthesis?: SpeechSynthesis }).speechSynthesis;
  }
}
