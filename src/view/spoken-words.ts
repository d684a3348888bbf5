/** What is said of the session: in the live region, and aloud where the person or the page wants that. */
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { Announcer } from './announcer.js';
import { speakButton } from './speak-button.js';
import { Speaker } from './speaker.js';

interface Host extends ReactiveControllerHost {
  /** Aloud, too. */
  speak: boolean;
  readonly isConnected: boolean;
}

export class SpokenWords implements ReactiveController {
  readonly #host: Host;
  readonly #speaker: Speaker;
  readonly #announcer = new Announcer((text) => this.#say(text));
  #said = '';
  #lang = '';
  #isAloud = false;

  constructor(host: Host) {
    this.#host = host;
    this.#speaker = new Speaker(host);
    host.addController(this);
  }

  /** What is not said yet is said no more. */
  hostDisconnected(): void {
    this.#announcer.stop();
  }

  /** What was not heard is said, what is not wanted is broken off. */
  hostUpdated(): void {
    if (this.#isAloud === this.#host.speak) return;
    this.#isAloud = this.#host.speak;
    if (!this.#isAloud) this.#speaker.hush();
    else if (this.#said) this.#speaker.say(this.#said, this.#lang);
  }

  /** Another run begins, while the person presses something: what comes is said, though it be the same again. */
  restart(): void {
    if (this.#host.speak) this.#speaker.wake();
    this.#announcer.forget();
  }

  announce(text: string, lang: string): void {
    this.#lang = lang;
    this.#announcer.announce(text);
  }

  region(): TemplateResult {
    return html`<div class="live" role="status" aria-live="polite">${this.#said}</div>`;
  }

  /** Only where the device has a voice for the language. */
  button(label: string, lang: string): TemplateResult | typeof nothing {
    return this.#speaker.canSpeak(lang) ? speakButton(label, this.#host.speak, this.#toggle) : nothing;
  }

  #toggle = (): void => {
    this.#host.speak = !this.#host.speak;
    if (this.#host.speak) this.#speaker.wake();
  };

  #say(text: string): void {
    this.#said = text;
    this.#host.requestUpdate();
    if (text && this.#host.speak && this.#host.isConnected) this.#speaker.say(text, this.#lang);
  }
}
