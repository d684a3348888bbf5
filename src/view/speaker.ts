/** Says aloud what the live region says, in a voice of the device, where the person or the page wants that. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { chooseVoice } from './voice.js';

/** What is said is finished before the next begins, unless that takes longer: then it is about what is no more. */
const PATIENCE_MS = 3_000;

export class Speaker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #current: SpeechSynthesisUtterance | null = null;
  /** Said after `current`. Also waits for a voice: some browsers name theirs only after a while. */
  #next: { text: string; lang: string } | null = null;
  /** When `current` began. */
  #since = 0;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    // Safari has it as a handler only.
    this.#synthesis?.addEventListener?.('voiceschanged', this.#voicesChanged);
  }

  hostDisconnected(): void {
    this.#synthesis?.removeEventListener?.('voiceschanged', this.#voicesChanged);
    this.hush();
  }

  canSpeak(lang: string): boolean {
    return chooseVoice(this.#synthesis?.getVoices() ?? [], lang) !== null;
  }

  /** Called while the person presses something: Safari lets a page speak only after it did so then. */
  wake(): void {
    if (!this.#current) this.#synthesis?.speak(new SpeechSynthesisUtterance(''));
  }

  /** Takes the place of what has not been begun. Never throws; without a voice nothing is said. */
  say(text: string, lang: string): void {
    clearTimeout(this.#patience);
    // It is being said: what was to follow is no more.
    this.#next = this.#current?.text === text ? null : { text, lang };
    if (!this.#current) return this.#sayNext();
    if (!this.#next) return;
    this.#patience = setTimeout(() => this.#interrupt(), this.#since + PATIENCE_MS - performance.now());
  }

  /** Falls silent at once. */
  hush(): void {
    this.#next = null;
    clearTimeout(this.#patience);
    // The queue is the page's: what others say in it is left alone.
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

  /** Also for engines that never tell that they have ended. */
  #interrupt(): void {
    this.#current = null;
    this.#synthesis?.cancel();
    this.#sayNext();
  }

  #voicesChanged = (): void => {
    this.#host.requestUpdate();
    if (!this.#current) this.#sayNext();
  };

  /** Missing in some web views. */
  get #synthesis(): SpeechSynthesis | undefined {
    return (globalThis as { speechSynthesis?: SpeechSynthesis }).speechSynthesis;
  }
}
